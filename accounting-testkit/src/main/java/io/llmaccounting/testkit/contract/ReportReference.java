package io.llmaccounting.testkit.contract;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a report must say, by going through the records one by one. */
final class ReportReference {
  private ReportReference() {}

  /** The totals of each row, by {@link #key}. */
  static Map<List<Object>, UsageTotals> of(List<Usage> usages, ReportQuery query) {
    Map<List<Object>, UsageTotals> rows = new HashMap<>();
    for (Usage usage : usages) {
      RecordedUsage record = PlainDecider.stamped(usage, usage.occurredAt());
      if (query.period().contains(usage.occurredAt()) && query.filter().test(record)) {
        List<@Nullable String> values = new ArrayList<>();
        for (Dimension dimension : query.by()) {
          values.add(dimension.of(usage));
        }
        rows.merge(
            key(bucket(usage.occurredAt(), query), values),
            UsageTotals.of(record),
            UsageTotals::plus);
      }
    }
    return rows;
  }

  static List<Object> key(@Nullable TimeRange bucket, List<@Nullable String> values) {
    return List.of(String.valueOf(bucket), values);
  }

  private static @Nullable TimeRange bucket(Instant at, ReportQuery query) {
    if (query.bucket() == null) {
      return null;
    }
    TimeRange whole = query.bucket().of(at, query.zone());
    TimeRange asked = query.period();
    return new TimeRange(
        whole.from().compareTo(asked.from()) > 0 ? whole.from() : asked.from(),
        whole.to().compareTo(asked.to()) < 0 ? whole.to() : asked.to());
  }
}
