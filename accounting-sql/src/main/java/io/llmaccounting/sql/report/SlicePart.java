package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Micros;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.UUID;

/**
 * A part of a report slice. Records are cut by id, so that any number of one instant can be cut,
 * and rollups by bucket.
 *
 * @param slice the part of time
 * @param first the smallest id of records inside
 * @param end the smallest id of records behind
 */
record SlicePart(ReportSlice slice, UUID first, UUID end) {
  private static final long MICROS_OF_A_MILLI = 1_000;

  /** All of a slice. */
  static SlicePart of(ReportSlice slice) {
    Instant lastMilli = Micros.instant(slice.to() + MICROS_OF_A_MILLI - 1);
    return new SlicePart(
        slice, UsageId.floor(Micros.instant(slice.from())), UsageId.floor(lastMilli));
  }

  /** The part before an id. */
  SlicePart before(UUID id) {
    return new SlicePart(slice, first, id);
  }

  /** The part from an id on. */
  SlicePart from(UUID id) {
    return new SlicePart(slice, id, end);
  }

  /** The first part, in ids alone, of a length in milliseconds; all of it where that is longer. */
  SlicePart window(long millis) {
    long last = UsageId.timeOf(end).toEpochMilli();
    long from = UsageId.timeOf(first).toEpochMilli();
    return last - from <= millis
        ? this
        : before(UsageId.floor(Instant.ofEpochMilli(from + millis)));
  }

  /** The last part, in ids alone, of a length in milliseconds; all of it where that is longer. */
  SlicePart lastWindow(long millis) {
    long last = UsageId.timeOf(end).toEpochMilli();
    long from = UsageId.timeOf(first).toEpochMilli();
    return last - from <= millis ? this : from(UsageId.floor(Instant.ofEpochMilli(last - millis)));
  }
}
