package io.llmaccounting.server.rest.directory;

import io.llmaccounting.json.ReportLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import java.util.Map;

/** Says what a project or user spent, by model. It need not be among those that are known. */
public final class Spend implements Workers.Blocking {
  private final Dimension dimension;

  /** Says what one of {@code dimension} spent. */
  public Spend(Dimension dimension) {
    this.dimension = dimension;
  }

  @Override
  public Answer answer(Asked asked) {
    UsageFilter filter =
        new UsageFilter(Map.of(dimension, Match.is(asked.path().text("name"))), null);
    UsageReport report =
        asked
            .reach()
            .usage()
            .report(UsageParameters.period(asked.query()), filter)
            .by(Dimension.MODEL, Dimension.PROVIDER)
            .run();
    return Answer.line(to -> ReportLine.write(to, report));
  }
}
