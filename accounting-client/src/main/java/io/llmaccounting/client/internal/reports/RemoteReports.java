package io.llmaccounting.client.internal.reports;

import io.llmaccounting.client.internal.wire.Question;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.ReportLine;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageQuery;
import io.llmaccounting.usage.UsageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Asks the server for what was recorded. Safe for use by many threads. */
public final class RemoteReports {
  private static final int PAGE = 1_000;

  private final Function<Question, JsonFields> ask;

  /** Asks by {@code ask}, which waits and throws what applications know. */
  public RemoteReports(Function<Question, JsonFields> ask) {
    this.ask = ask;
  }

  /** Sums. */
  public UsageReport report(ReportQuery query) {
    QueryText text = new QueryText();
    for (Dimension dimension : query.by()) {
      text.add("by", dimension.toString());
    }
    if (query.bucket() != null) {
      text.word("bucket", query.bucket()).add("zone", query.zone().getId());
    }
    if (query.distribution()) {
      text.add("distribution", "true");
    }
    text.period(query.period()).filter(query.filter());
    return ReportLine.read(ask.apply(Question.get("/v1/meter/aggregates" + text)));
  }

  /** Records with what became known of them, newest first, page by page. */
  public List<UsageHistory> find(UsageQuery query) {
    List<UsageHistory> found = new ArrayList<>();
    UsageQuery.Position before = query.before();
    String after = null;
    do {
      JsonFields page = page(query, after, query.limit() - found.size());
      for (JsonFields event : page.objects("events")) {
        UsageHistory one = UsageLine.known(event);
        boolean follows =
            before == null || UsageQuery.Position.of(one.record()).compareTo(before) < 0;
        if (follows && found.size() < query.limit()) {
          found.add(one);
        }
      }
      after = page.optionalText("next");
    } while (after != null && found.size() < query.limit());
    return found;
  }

  private JsonFields page(
      UsageQuery query, @org.jspecify.annotations.Nullable String after, int left) {
    QueryText text = new QueryText().period(until(query)).filter(query.filter());
    // those at the very instant of the position may come first and are passed over
    int wanted = query.before() == null ? left : PAGE;
    text.add("limit", Integer.toString(Math.min(PAGE, wanted)));
    if (after != null) {
      text.add("after", after);
    }
    return ask.apply(Question.get("/v1/meter/events" + text));
  }

  private static io.llmaccounting.usage.TimeRange until(UsageQuery query) {
    UsageQuery.Position before = query.before();
    if (before == null || !before.at().isBefore(query.period().to())) {
      return query.period();
    }
    java.time.Instant end = before.at().plusNanos(1_000);
    return end.isAfter(query.period().from())
        ? new io.llmaccounting.usage.TimeRange(query.period().from(), end)
        : query.period();
  }
}
