package io.llmaccounting.testkit;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
  private static final List<Dimension> TOLD =
      List.of(
          Dimension.PROJECT, Dimension.MODEL, Dimension.USER, Dimension.CALLER, Dimension.PROVIDER);

  record Key(Instant from, List<@Nullable String> values) {}

  static RolledUp of(RecordedUsage record) {
    long second = record.usage().occurredAt().getEpochSecond();
    Instant from = Instant.ofEpochSecond(Math.floorDiv(second, SECONDS) * SECONDS);
    return new RolledUp(record.usage(), from, UsageTotals.of(record));
  }

  Key key() {
    List<@Nullable String> values = new ArrayList<>();
    TOLD.forEach(dimension -> values.add(dimension.of(like)));
    return new Key(from, values);
  }

  RolledUp plus(RolledUp other) {
    return new RolledUp(like, from, totals.plus(other.totals));
  }

  /** True if rollups can answer {@code query} and these sums belong to the answer. */
  boolean counts(ReportQuery query) {
    Set<Dimension> asked = new HashSet<>(query.by());
    asked.addAll(query.filter().matches().keySet());
    if (query.distribution() || query.filter().priced() != null || !TOLD.containsAll(asked)) {
      return false;
    }
    if (!query.period().contains(from)
        || !query.filter().test(new RecordedUsage(like, from, from, false, null))) {
      return false;
    }
    TimeRange bounds =
        query.bucket() == null
            ? query.period()
            : ReportRows.cut(query.bucket().of(from, query.zone()), query.period());
    return !from.isBefore(bounds.from()) && !from.plusSeconds(SECONDS).isAfter(bounds.to());
  }
}
