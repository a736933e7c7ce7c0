package io.llmaccounting.sql;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants and durations as they are stored: whole microseconds, since 1970 for instants. */
public final class Micros {
  private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000L - 1;

  private Micros() {}

  /**
   * The stored form of an instant, cut to microseconds. A bound that lies beyond what can be stored
   * becomes the first or the last instant that can.
   */
  public static long of(Instant instant) {
    long seconds = Math.max(-MOST_SECONDS, Math.min(MOST_SECONDS, instant.getEpochSecond()));
    return seconds * 1_000_000L + instant.getNano() / 1_000;
  }

  /** The stored form of a duration. */
  public static long of(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
  }

  /** The instant that is stored as {@code micros}. */
  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  /** The duration that is stored as {@code micros}. */
  public static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
