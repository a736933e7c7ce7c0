package io.llmaccounting.sql.report;

import io.llmaccounting.sql.ReportNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a report's period that one statement answers.
 *
 * @param grain whole grains of this length, none of which spans two buckets of the report; null for
 *     a ragged end, which lies within one bucket and can only be read from records
 * @param from first microsecond inside
 * @param to first microsecond after
 * @param needsRecords whether it asks for names that rollups do not tell apart
 */
record ReportSlice(@Nullable Grain grain, long from, long to, boolean needsRecords) {
  ReportSlice(@Nullable Grain grain, long from, long to) {
    this(grain, from, to, false);
  }

  /** Parts of it of which each either needs records or does not. */
  List<ReportSlice> split(ReportNames names) {
    if (grain == null) {
      return List.of(this);
    }
    List<ReportSlice> parts = new ArrayList<>();
    long start = from;
    for (ReportNames.Days days : names.fromRecords(from, to)) {
      if (start < days.from()) {
        parts.add(new ReportSlice(grain, start, days.from()));
      }
      parts.add(new ReportSlice(grain, days.from(), days.to(), true));
      start = days.to();
    }
    if (start < to) {
      parts.add(new ReportSlice(grain, start, to));
    }
    return parts;
  }

  boolean isContinuedBy(ReportSlice next) {
    return grain != null && grain == next.grain && to == next.from;
  }
}
