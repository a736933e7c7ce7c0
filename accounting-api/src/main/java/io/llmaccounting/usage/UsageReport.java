package io.llmaccounting.usage;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The answer to a {@link ReportQuery}.
 *
 * @param query what was asked, with the period resolved
 * @param rows sorted by time bucket, then by values, absent values first
 * @param total the sums over all rows
 * @param completeFrom usage before this instant may have been purged; 1970 where nothing was
 */
public record UsageReport(
    ReportQuery query, List<ReportRow> rows, UsageTotals total, Instant completeFrom) {

  /** Copies the rows. */
  public UsageReport {
    rows = List.copyOf(rows);
  }

  /** At most {@code count} rows with the largest {@code measure}; equal ones stay in order. */
  public List<ReportRow> top(int count, ToLongFunction<UsageTotals> measure) {
    return rows.stream()
        .sorted(
            Comparator.comparingLong((ReportRow row) -> measure.applyAsLong(row.totals()))
                .reversed())
        .limit(count)
        .toList();
  }

  /** True if usage inside the period may be missing because it was purged. */
  public boolean isCutByPurge() {
    return completeFrom.isAfter(query.period().from());
  }
}
