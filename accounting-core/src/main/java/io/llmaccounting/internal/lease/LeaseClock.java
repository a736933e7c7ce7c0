package io.llmaccounting.internal.lease;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Tells how much time has passed, rather too much than too little: a machine that was asleep, or a
 * clock that was set, must not make a lease seem younger than it is. Immutable.
 *
 * @param nanoTime counts nanoseconds, and stands still while the machine sleeps
 * @param wall the caller's clock, and may be set
 */
public record LeaseClock(LongSupplier nanoTime, InstantSource wall) {
  private static final long MICROS = 1_000_000;
  private static final long NANOS_A_MICRO = 1_000;

  /** A moment by both clocks. */
  public record Moment(long nanos, long wallMicros) {}

  /** Now. */
  public Moment now() {
    return new Moment(nanoTime.getAsLong(), wallMicros());
  }

  private long wallMicros() {
    Instant now = wall.instant();
    return now.getEpochSecond() * MICROS + now.getNano() / NANOS_A_MICRO;
  }

  /** Microseconds since {@code then} at {@code now}, at least. */
  static long microsBetween(Moment then, Moment now) {
    long steady = (now.nanos() - then.nanos() + NANOS_A_MICRO - 1) / NANOS_A_MICRO;
    return Math.max(0, Math.max(steady, now.wallMicros() - then.wallMicros()));
  }
}
