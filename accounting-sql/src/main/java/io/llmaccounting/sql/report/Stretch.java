package io.llmaccounting.sql.report;

import org.jspecify.annotations.Nullable;

/**
 * A part of a report's period that one statement answers.
 *
 * @param grain whole grains of this length, none of which spans two buckets of the report; null for
 *     a ragged end, which lies within one bucket and can only be read from records
 * @param from first microsecond inside
 * @param to first microsecond after
 */
record Stretch(@Nullable Grain grain, long from, long to) {

  boolean isContinuedBy(Stretch next) {
    return grain != null && grain == next.grain && to == next.from;
  }
}
