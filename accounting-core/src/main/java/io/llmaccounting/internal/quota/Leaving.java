package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
  private final long finest;
  private final long coarsest;

  /** The rule of {@code limit}. */
  public Leaving(Limit limit) {
    this.window = limit.window();
    this.length = window instanceof Window.Rolling rolling ? micros(rolling.length()) : 0;
    this.grain = micros(limit.grain());
    this.finest = micros(limit.withMaximum(0).grain());
    this.coarsest = micros(limit.withMaximum(Limit.MAX_AMOUNT).grain());
  }

  /**
   * The grain that a crowded counter falls back to, 0 where it cannot be crowded: where usage
   * leaves microsecond by microsecond, and unchecked records exceed what the limit would have let
   * through.
   */
  long fallback() {
    return grain == 1 ? crowded() : 0;
  }

  private long crowded() {
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
    return of(charged, grain);
  }

  /** The same at the earliest: with the finest grain that another maximum may have given it. */
  long earliest(long charged) {
    return of(charged, finest);
  }

  /** The same at the latest: with the coarsest grain, or where a crowded counter merged it. */
  long latest(long charged) {
    long latest = of(charged, coarsest);
    long crowded = finest == 1 ? crowded() : 0;
    return crowded == 0 ? latest : Math.max(latest, Cells.coarse(of(charged, 1), crowded));
  }

  /**
   * How far apart the instants may lie at which the same usage leaves under different grains; 0
   * where grains mean nothing.
   */
  long slack() {
    if (window instanceof Window.Rolling) {
      return 2 * Math.max(coarsest, crowded());
    }
    // a grain may reach into a day that a month's end clamps with those before it
    return window instanceof Window.RollingMonths ? DAY + 2 * Math.max(coarsest, crowded()) : 0;
  }

  private long of(long charged, long grain) {
    if (window instanceof Window.Rolling) {
      return last(charged, grain) + length;
    }
    if (window instanceof Window.RollingMonths months) {
      long last = last(charged, grain);
      LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(last, DAY)).plusMonths(months.months());
      return Math.addExact(Math.multiplyExact(day.toEpochDay(), DAY), Math.floorMod(last, DAY));
    }
    if (window instanceof Window.Calendar calendar) {
      return toMicros(calendar.at(toInstant(charged)).to());
    }
    return NEVER;
  }

  private static long last(long charged, long grain) {
    return grain == 1 ? charged : Cells.coarse(charged, grain);
  }

  /** An instant before which nothing was charged that still counts at {@code now}. */
  public long earliestCounting(long now) {
    if (window instanceof Window.Rolling) {
      return Math.max(0, now - length - 2 * Math.max(coarsest, crowded()));
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

  /** The instant from which on usage counts at {@code now}, whatever the grain; never its start. */
  Instant countsFrom(Instant now) {
    if (window instanceof Window.Rolling rolling) {
      return now.minus(rolling.length());
    }
    if (window instanceof Window.RollingMonths months) {
      return now.atOffset(ZoneOffset.UTC).minusMonths(months.months()).toInstant();
    }
    return window instanceof Window.Calendar calendar ? calendar.at(now).from() : Instant.EPOCH;
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
