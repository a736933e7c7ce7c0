package io.llmaccounting.usage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a report.
 *
 * @param values the values of the report's dimensions, in its order; null for usage without one
 * @param bucket the stretch of time of this row, cut to the report's period; null without buckets
 * @param totals the sums
 * @param distribution minima, maxima and percentiles where the report asked for them, else null
 */
public record ReportRow(
    List<@Nullable String> values,
    @Nullable TimeRange bucket,
    UsageTotals totals,
    @Nullable Distribution distribution) {
  /**
   * The value that stands for all names of a dimension that were too many on their day to be told
   * apart in rollups, as a bound in the store says. Reports that need the records show the names.
   */
  public static final String OTHERS = "(other)";

  /** Copies the values. */
  public ReportRow {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }
}
