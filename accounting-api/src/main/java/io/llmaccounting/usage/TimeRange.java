package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;

/**
 * A half-open stretch of time: {@code from} is inside, {@code to} is not.
 *
 * @param from first instant inside, microsecond precision
 * @param to first instant after, microsecond precision
 */
public record TimeRange(Instant from, Instant to) implements Timespan {
  /** Checks that the period is not empty. */
  public TimeRange {
    from = Check.instant("from", from);
    to = Check.instant("to", to);
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "period must not be empty: from %s, to %s".formatted(from, to));
    }
  }

  /** Everything from 1970 on. */
  public static TimeRange always() {
    return new TimeRange(Instant.EPOCH, Check.MAX_INSTANT);
  }

  /** From the start of one day to the start of another, in {@code zone}. */
  public static TimeRange between(LocalDate from, LocalDate to, ZoneId zone) {
    return new TimeRange(from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
  }

  /** The current day in {@code zone}. */
  public static Timespan today(ZoneId zone) {
    return now -> {
      LocalDate day = now.atZone(zone).toLocalDate();
      return between(day, day.plusDays(1), zone);
    };
  }

  /** The current week, from Monday, in {@code zone}. */
  public static Timespan thisWeek(ZoneId zone) {
    return now -> {
      LocalDate monday =
          now.atZone(zone)
              .toLocalDate()
              .with(TemporalAdjusters.previousOrSame(java.time.DayOfWeek.MONDAY));
      return between(monday, monday.plusWeeks(1), zone);
    };
  }

  /** The current month in {@code zone}. */
  public static Timespan thisMonth(ZoneId zone) {
    return now -> {
      LocalDate first = now.atZone(zone).toLocalDate().withDayOfMonth(1);
      return between(first, first.plusMonths(1), zone);
    };
  }

  /** The month before the current one in {@code zone}. */
  public static Timespan lastMonth(ZoneId zone) {
    return now -> {
      LocalDate first = now.atZone(zone).toLocalDate().withDayOfMonth(1);
      return between(first.minusMonths(1), first, zone);
    };
  }

  /** The current year in {@code zone}. */
  public static Timespan thisYear(ZoneId zone) {
    return now -> {
      LocalDate first = now.atZone(zone).toLocalDate().withDayOfYear(1);
      return between(first, first.plusYears(1), zone);
    };
  }

  /** The stretch of {@code length} that ends with the current microsecond. */
  public static Timespan last(Duration length) {
    return now -> {
      Instant end = now.truncatedTo(java.time.temporal.ChronoUnit.MICROS).plusNanos(1_000);
      return new TimeRange(end.minus(length), end);
    };
  }

  /** True if {@code instant} lies inside. */
  public boolean contains(Instant instant) {
    return !instant.isBefore(from) && instant.isBefore(to);
  }

  /** The period itself, whatever the time. */
  @Override
  public TimeRange at(Instant now) {
    return this;
  }
}
