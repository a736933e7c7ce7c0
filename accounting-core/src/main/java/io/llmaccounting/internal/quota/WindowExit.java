package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * When usage leaves the window of a limit: the first instant at which it no longer counts. All
 * windows are this one function. In a limit on calls under way, holds never leave the window: they
 * expire. Instants are microseconds since 1970. Immutable.
 */
public final class WindowExit {
  /** The instant of usage that never leaves, as in a lifetime window. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final long DAY = 86_400_000_000L;

  private static final int LEAST_CAPACITY = 256;
  private static final int APART = 136;

  private final Window window;
  private final long length;
  private final long grain;
  private final Crowding crowding;

  /** Makes the rule of {@code limit}. */
  public WindowExit(Limit limit) {
    this.window = limit.window();
    this.length = window instanceof Window.Rolling rolling ? micros(rolling.length()) : 0;
    this.grain = micros(limit.grain());
    this.crowding = crowding(limit);
  }

  private Crowding crowding(Limit limit) {
    if (grain == 0) {
      return Crowding.NEVER;
    }
    if (limit.isCoarse()) {
      return new Crowding(grain, 0);
    }
    long longest =
        window instanceof Window.RollingMonths months ? 31L * months.months() * DAY : length;
    return new Crowding(grain, Math.max(LEAST_CAPACITY, (int) (longest / grain) + APART));
  }

  /** When cells of this window are merged. */
  Crowding crowding() {
    return crowding;
  }

  /** How late usage may leave a counter that has merged some; 0 where no usage ever leaves late. */
  long grain() {
    return grain;
  }

  /**
   * How far apart two counters may let the same usage leave; 0 where grains mean nothing. A counter
   * that another version has written may be late by a grain already.
   */
  long slack() {
    if (window instanceof Window.Rolling) {
      return 2 * grain;
    }
    // a grain may reach into a day that a month's end clamps with those before it
    return window instanceof Window.RollingMonths ? DAY + 2 * grain : 0;
  }

  /** When usage charged at {@code charged} leaves. */
  public long of(long charged) {
    if (window instanceof Window.Rolling) {
      return charged > NEVER - length ? NEVER : charged + length;
    }
    if (window instanceof Window.RollingMonths months) {
      LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(charged, DAY)).plusMonths(months.months());
      return Math.addExact(Math.multiplyExact(day.toEpochDay(), DAY), Math.floorMod(charged, DAY));
    }
    if (window instanceof Window.Calendar calendar) {
      return toMicros(calendar.at(toInstant(charged)).to());
    }
    return NEVER;
  }

  /**
   * The latest instant at which a counter written by another version may let usage charged at
   * {@code charged} leave.
   */
  long latest(long charged) {
    long exact = of(charged);
    return exact > NEVER - slack() ? NEVER : exact + slack();
  }

  /** An early enough instant: nothing that was charged before it still counts at {@code now}. */
  public long earliestCounting(long now) {
    if (window instanceof Window.Rolling) {
      return Math.max(0, now - length - slack());
    }
    if (window instanceof Window.RollingMonths months) {
      // a month's end clamps up to three days together, and grains may add three
      LocalDate day =
          LocalDate.ofEpochDay(Math.floorDiv(now, DAY)).minusMonths(months.months()).minusDays(6);
      return Math.max(0, Math.multiplyExact(day.toEpochDay(), DAY));
    }
    if (window instanceof Window.Calendar calendar) {
      return toMicros(calendar.at(toInstant(now)).from());
    }
    return window instanceof Window.Now ? now : 0;
  }

  /**
   * The stretch of time whose usage counts at {@code at}; null for windows of all time and of none.
   */
  @Nullable TimeRange counted(Instant at) {
    if (window instanceof Window.Lifetime || window instanceof Window.Now) {
      return null;
    }
    if (window instanceof Window.Calendar calendar) {
      return calendar.at(at);
    }
    Instant from = countsFrom(at);
    Instant start = from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
    return start.isBefore(at) ? new TimeRange(start, at) : null;
  }

  /** The instant from which on usage counts at {@code now}, whatever the grain; never its start. */
  Instant countsFrom(Instant now) {
    if (window instanceof Window.Rolling rolling) {
      return now.minus(rolling.length());
    }
    if (window instanceof Window.RollingMonths months) {
      return now.atOffset(ZoneOffset.UTC).minusMonths(months.months()).toInstant();
    }
    if (window instanceof Window.Calendar calendar) {
      return calendar.at(now).from();
    }
    return window instanceof Window.Now ? now : Instant.EPOCH;
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
