package io.llmaccounting.server.rest.aggregates;

import io.llmaccounting.ReportRequest;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.ProblemException;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.UsageReport;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The report that a request asks for. */
final class ReportReading {
  private static final int MOST_ROWS = 50_000;

  private ReportReading() {}

  static UsageReport read(Asked asked) {
    JsonFields query = asked.query();
    ReportRequest request =
        asked
            .reach()
            .usage()
            .report(UsageParameters.period(query), UsageParameters.filter(query))
            .by(query.textList("by").stream().map(Dimension::parse).toArray(Dimension[]::new));
    ZoneId zone = query.has("zone") ? query.parsed("zone", ZoneId::of) : ZoneOffset.UTC;
    TimeBucket bucket = query.optionalWord("bucket", TimeBucket.class);
    if (bucket != null) {
      request.each(bucket, zone);
    } else if (query.has("zone")) {
      throw ProblemException.invalid("zone", "come with bucket", "alone");
    }
    if (query.flag("distribution")) {
      request.withDistribution();
    }
    UsageReport report = request.run();
    if (report.rows().size() > MOST_ROWS) {
      throw ProblemException.invalid(
          "by",
          "make at most %d rows; ask for less time or fewer values".formatted(MOST_ROWS),
          report.rows().size());
    }
    return report;
  }
}
