package io.llmaccounting.testkit;

import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of purged records that agree in all that rollups tell apart.
 *
 * @param like one of the records
 * @param from the start of their quarter hour
 * @param totals the sums
 */
record RolledUp(Usage like, Instant from, UsageTotals totals) {
  private static final long SECONDS = Duration.ofMinutes(15).toSeconds();

  record Key(Instant from, List<@Nullable String> values) {}

  static RolledUp of(RecordedUsage record) {
    long second = record.usage().occurredAt().getEpochSecond();
    Instant from = Instant.ofEpochSecond(Math.floorDiv(second, SECONDS) * SECONDS);
    return new RolledUp(record.usage(), from, UsageTotals.of(record));
  }

  Key key() {
    List<@Nullable String> values = new ArrayList<>();
    InMemoryNames.TOLD.forEach(dimension -> values.add(dimension.of(like)));
    return new Key(from, values);
  }

  RolledUp plus(RolledUp other) {
    return new RolledUp(like, from, totals.plus(other.totals));
  }

  /** True if rollups can answer {@code query} and these sums belong to the answer. */
  boolean counts(ReportQuery query, InMemoryNames names) {
    if (!InMemoryNames.canAnswer(query)
        || !query.period().contains(from)
        || !names.test(query, like)) {
      return false;
    }
    TimeRange bounds =
        query.bucket() == null
            ? query.period()
            : ReportRows.cut(query.bucket().of(from, query.zone()), query.period());
    return !from.isBefore(bounds.from()) && !from.plusSeconds(SECONDS).isAfter(bounds.to());
  }
}
