package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * When usage leaves the window of a limit: the first instant at which it no longer counts. All
 * windows are this one function. Instants are microseconds since 1970. Immutable.
 */
public final class Leaving {
  /** Leaves never: a lifetime window. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final long DAY = 86_400_000_000L;

  private final Window window;
  private final long length;
  private final long grain;

  /** The rule of {@code limit}. */
  public Leaving(Limit limit) {
    this.window = limit.window();
    this.length = window instanceof Window.Rolling rolling ? micros(rolling.length()) : 0;
    this.grain = micros(limit.grain());
  }

  /**
   * The grain that a crowded counter falls back to, 0 where it cannot be crowded: where usage
   * leaves microsecond by microsecond, and unchecked records exceed what the limit would have let
   * through.
   */
  long fallback() {
    if (grain != 1) {
      return 0;
    }
    if (window instanceof Window.Rolling) {
      return Math.max(1, length / 120);
    }
    return window instanceof Window.RollingMonths ? DAY / 4 : 0;
  }

  /**
   * When usage charged at {@code charged} leaves. Usage of one grain leaves together, with its last
   * microsecond.
   */
  public long of(long charged) {
    if (window instanceof Window.Rolling) {
      return last(charged) + length;
    }
    if (window instanceof Window.RollingMonths months) {
      long last = last(charged);
      LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(last, DAY)).plusMonths(months.months());
      return Math.addExact(Math.multiplyExact(day.toEpochDay(), DAY), Math.floorMod(last, DAY));
    }
    if (window instanceof Window.Calendar calendar) {
      return toMicros(calendar.at(toInstant(charged)).to());
    }
    return NEVER;
  }

  private long last(long charged) {
    return grain == 1 ? charged : Cells.coarse(charged, grain);
  }

  /** An instant before which nothing was charged that still counts at {@code now}. */
  public long earliestCounting(long now) {
    if (window instanceof Window.Rolling) {
      return Math.max(0, now - length - grain);
    }
    if (window instanceof Window.RollingMonths months) {
      // a month's end clamps up to three days together, and a grain may add one
      LocalDate day =
          LocalDate.ofEpochDay(Math.floorDiv(now, DAY)).minusMonths(months.months()).minusDays(4);
      return Math.max(0, Math.multiplyExact(day.toEpochDay(), DAY));
    }
    if (window instanceof Window.Calendar calendar) {
      return toMicros(calendar.at(toInstant(now)).from());
    }
    return 0;
  }

  /** The instant at which a threshold that fired at {@code now} may fire again. */
  long rearms(long now) {
    return window instanceof Window.Rolling ? now + length : of(now);
  }

  /** Microseconds since 1970 of {@code instant}. */
  public static long toMicros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  /** The instant of {@code micros} since 1970. */
  public static Instant toInstant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static long micros(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
  }
}
