package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** Stretches of time that a report can be cut into, in the report's zone. */
public enum TimeBucket {
  /** Hours of elapsed time as the zone's clock counts them. */
  HOUR,
  /** Days; 23 or 25 hours long where clocks change. */
  DAY,
  /** Weeks from Monday. */
  WEEK,
  /** Months. */
  MONTH;

  /** The bucket that {@code instant} lies in. */
  public TimeRange of(Instant instant, ZoneId zone) {
    if (this == HOUR) {
      return hour(instant, zone);
    }
    LocalDate day = dayOf(instant, zone);
    return switch (this) {
      case WEEK -> {
        LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        yield between(monday, monday.plusWeeks(1), zone);
      }
      case MONTH -> {
        LocalDate first = day.withDayOfMonth(1);
        yield between(first, first.plusMonths(1), zone);
      }
      default -> between(day, day.plusDays(1), zone);
    };
  }

  // Clocks set back over midnight (St. John's, 00:01 to 23:01) show a date again that is over.
  private static LocalDate dayOf(Instant instant, ZoneId zone) {
    LocalDate day = instant.atZone(zone).toLocalDate();
    LocalDate next = day.plusDays(1);
    return instant.isBefore(next.atStartOfDay(zone).toInstant()) ? day : next;
  }

  // Cut to what can be stored: a zone's first day may begin before 1970.
  private static TimeRange between(LocalDate from, LocalDate to, ZoneId zone) {
    Instant start = from.atStartOfDay(zone).toInstant();
    Instant end = to.atStartOfDay(zone).toInstant();
    return new TimeRange(
        start.isBefore(Instant.EPOCH) ? Instant.EPOCH : start,
        end.isAfter(Check.MAX_INSTANT) ? Check.MAX_INSTANT : end);
  }

  // On the offset in force at the instant, so that the hour that clocks repeat stays two hours.
  private static TimeRange hour(Instant instant, ZoneId zone) {
    var offset = zone.getRules().getOffset(instant);
    Instant start = instant.atOffset(offset).truncatedTo(ChronoUnit.HOURS).toInstant();
    Instant end = start.plus(1, ChronoUnit.HOURS);
    var changed = zone.getRules().nextTransition(start.minusNanos(1));
    if (changed != null && changed.getInstant().isBefore(end)) {
      Instant change = changed.getInstant();
      if (change.isAfter(start)) {
        return instant.isBefore(change) ? new TimeRange(start, change) : new TimeRange(change, end);
      }
    }
    return new TimeRange(start.isBefore(Instant.EPOCH) ? Instant.EPOCH : start, end);
  }
}
