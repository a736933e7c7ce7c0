package io.llmaccounting.usage;

import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says which usage to add up, and into which rows.
 *
 * @param period calls with occurredAt inside
 * @param filter which of them
 * @param by dimensions that make the rows; none makes one row
 * @param bucket cuts every row by time, or null
 * @param zone decides where buckets begin
 * @param distribution true for minima, maxima and percentiles too, which need the records
 */
public record ReportQuery(
    TimeRange period,
    UsageFilter filter,
    List<Dimension> by,
    @Nullable TimeBucket bucket,
    ZoneId zone,
    boolean distribution) {

  /** Checks that no dimension is named twice. */
  public ReportQuery {
    Objects.requireNonNull(period, "period is required, was null");
    Objects.requireNonNull(filter, "filter is required, was null");
    Objects.requireNonNull(zone, "zone is required, was null");
    by = List.copyOf(by);
    if (by.stream().distinct().count() != by.size()) {
      throw new IllegalArgumentException("by must name each dimension once, was " + by);
    }
  }
}
