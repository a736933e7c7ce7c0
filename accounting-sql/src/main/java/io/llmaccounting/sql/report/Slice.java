package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Micros;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.UUID;

/**
 * A part of a stretch. Records are cut by id, so that any number of one instant can be cut, and
 * rollups by bucket.
 *
 * @param stretch the part of time
 * @param first the smallest id of records inside
 * @param end the smallest id of records behind
 */
record Slice(Stretch stretch, UUID first, UUID end) {
  private static final long MICROS_OF_A_MILLI = 1_000;

  /** All of a stretch. */
  static Slice of(Stretch stretch) {
    Instant lastMilli = Micros.instant(stretch.to() + MICROS_OF_A_MILLI - 1);
    return new Slice(
        stretch, UsageId.floor(Micros.instant(stretch.from())), UsageId.floor(lastMilli));
  }

  /** The part before an id. */
  Slice before(UUID id) {
    return new Slice(stretch, first, id);
  }

  /** The part from an id on. */
  Slice from(UUID id) {
    return new Slice(stretch, id, end);
  }

  /** The first part, in ids alone, of a length in milliseconds; all of it where that is longer. */
  Slice window(long millis) {
    long last = UsageId.timeOf(end).toEpochMilli();
    long from = UsageId.timeOf(first).toEpochMilli();
    return last - from <= millis
        ? this
        : before(UsageId.floor(Instant.ofEpochMilli(from + millis)));
  }

  /** The last part, in ids alone, of a length in milliseconds; all of it where that is longer. */
  Slice lastWindow(long millis) {
    long last = UsageId.timeOf(end).toEpochMilli();
    long from = UsageId.timeOf(first).toEpochMilli();
    return last - from <= millis ? this : from(UsageId.floor(Instant.ofEpochMilli(last - millis)));
  }
}
