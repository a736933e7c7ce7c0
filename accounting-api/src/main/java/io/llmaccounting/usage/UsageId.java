package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Ids of usage records: UUIDs of version 7 (RFC 9562), whose first 48 bits are the milliseconds of
 * {@code occurredAt}, so that ids sort by time and time ranges can be read off them.
 */
public final class UsageId {
  private static final int VERSION = 7;

  private UsageId() {}

  /**
   * A new id for a call made at {@code occurredAt}, with 74 bits from {@code random}.
   *
   * @throws IllegalArgumentException if it lies before 1970 or after 6000
   */
  public static UUID create(Instant occurredAt, RandomGenerator random) {
    return of(
        Check.instant("occurredAt", occurredAt).toEpochMilli(),
        random.nextLong(),
        random.nextLong());
  }

  /** The smallest id of a call made in the millisecond of {@code instant}; a bound for ranges. */
  public static UUID floor(Instant instant) {
    return of(instant.toEpochMilli(), 0, 0);
  }

  /** The millisecond that {@code id} carries. */
  public static Instant timeOf(UUID id) {
    return Instant.ofEpochMilli(millisOf(id));
  }

  /**
   * Returns {@code id} if it is of version 7 and carries the millisecond of {@code occurredAt}.
   *
   * @throws IllegalArgumentException if it is another kind of id or carries another time
   */
  public static UUID requireFor(UUID id, Instant occurredAt) {
    requireTimed(id);
    if (millisOf(id) != occurredAt.toEpochMilli()) {
      throw new IllegalArgumentException(
          "id %s carries %s, but occurredAt is %s: an id must carry its call's millisecond"
              .formatted(id, timeOf(id), occurredAt));
    }
    return id;
  }

  /**
   * Returns {@code id} if it is of version 7, so that it carries a time.
   *
   * @throws IllegalArgumentException naming its version, and how to make one that will do
   */
  static UUID requireTimed(UUID id) {
    if (id.version() != VERSION || id.variant() != 2) {
      throw new IllegalArgumentException(
          "id must be a UUID of version 7, was of version %d: %s; LlmAccounting.newId() makes one, and for an id of your own use key"
              .formatted(id.version(), id));
    }
    return id;
  }

  private static long millisOf(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }

  private static UUID of(long millis, long high, long low) {
    return new UUID(
        (millis << 16) | 0x7000L | (high & 0x0FFFL),
        0x8000_0000_0000_0000L | (low & 0x3FFF_FFFF_FFFF_FFFFL));
  }
}
