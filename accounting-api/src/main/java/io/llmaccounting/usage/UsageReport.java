package io.llmaccounting.usage;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

  /**
   * The value of one of the report's dimensions in {@code row}; empty for usage without one.
   *
   * @throws IllegalArgumentException if the report does not tell usage apart by it
   */
  public Optional<String> value(ReportRow row, Dimension dimension) {
    int index = query.by().indexOf(dimension);
    if (index < 0) {
      throw new IllegalArgumentException(
          "dimension must be one of %s, was %s".formatted(query.by(), dimension));
    }
    return Optional.ofNullable(row.values().get(index));
  }

  /**
   * The report as aligned text, a line for each row and one for the total, for people: times in the
   * zone of the query, {@code (none)} for usage without a value. What is unknown is {@code -}, a
   * sum that lacks some is {@code >=} what is known, and a last line counts the calls that it
   * lacks. Percentiles are not shown. Programs read {@link #rows}.
   */
  public String table() {
    return ReportTable.of(this);
  }

  /** True if usage inside the period may be missing because it was purged. */
  public boolean isCutByPurge() {
    return completeFrom.isAfter(query.period().from());
  }
}
