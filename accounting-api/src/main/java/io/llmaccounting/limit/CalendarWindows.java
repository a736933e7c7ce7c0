package io.llmaccounting.limit;

import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Which calendar window an instant lies in. Windows are numbered from 1970, and each begins at the
 * first instant at which the clocks of the zone show its start or later.
 */
final class CalendarWindows {
  private static final LocalDate FIRST_MONDAY = LocalDate.of(1970, 1, 5);

  private CalendarWindows() {}

  static TimeRange at(Window.Calendar window, Instant instant) {
    return switch (window.unit()) {
      case SECOND -> elapsed(window, instant, 1);
      case MINUTE -> elapsed(window, instant, 60);
      case HOUR -> elapsed(window, instant, 3_600);
      case DAY, WEEK, MONTH, YEAR -> dated(window, instant);
    };
  }

  private static TimeRange elapsed(Window.Calendar window, Instant instant, long unitSeconds) {
    long length = Math.multiplyExact(unitSeconds, (long) window.count());
    long start = Math.floorDiv(instant.getEpochSecond(), length) * length;
    return clamped(Instant.ofEpochSecond(start), Instant.ofEpochSecond(start + length));
  }

  private static TimeRange dated(Window.Calendar window, Instant instant) {
    long number = number(window, LocalDate.ofInstant(instant, window.zone()));
    Instant from = start(window, number);
    while (from.isAfter(instant)) {
      from = start(window, --number);
    }
    Instant to = start(window, number + 1);
    // where clocks jump over a whole day, the window of that day is empty
    while (!to.isAfter(instant)) {
      number++;
      from = to;
      to = start(window, number + 1);
    }
    return clamped(from, to);
  }

  // Finds the window as if windows began where their units do: the result is the right window, or
  // the one after it.
  private static long number(Window.Calendar window, LocalDate day) {
    return switch (window.unit()) {
      case DAY -> Math.floorDiv(day.toEpochDay(), (long) window.count());
      case WEEK -> Math.floorDiv(day.toEpochDay() - FIRST_MONDAY.toEpochDay(), 7L * window.count());
      default -> {
        LocalDate first = day.withDayOfMonth(1);
        yield Math.floorDiv(ChronoUnit.MONTHS.between(LocalDate.EPOCH, first), months(window));
      }
    };
  }

  private static long months(Window.Calendar window) {
    return (window.unit() == CalendarUnit.YEAR ? 12L : 1L) * window.count();
  }

  private static Instant start(Window.Calendar window, long number) {
    WindowStart start = window.start();
    LocalDate date =
        switch (window.unit()) {
          case DAY -> LocalDate.ofEpochDay(number * window.count());
          case WEEK -> FIRST_MONDAY.plusDays(number * 7L * window.count() + start.day() - 1);
          default -> {
            LocalDate month =
                LocalDate.EPOCH.plusMonths(number * months(window) + start.month() - 1);
            yield month.withDayOfMonth(Math.min(start.day(), month.lengthOfMonth()));
          }
        };
    return first(date.atTime(start.time()), window.zone());
  }

  private static Instant first(LocalDateTime shown, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition change = rules.getTransition(shown);
    if (change != null && change.isGap()) {
      return change.getInstant();
    }
    ZoneOffset offset = change == null ? rules.getOffset(shown) : change.getOffsetBefore();
    return shown.toInstant(offset);
  }

  private static TimeRange clamped(Instant from, Instant to) {
    return new TimeRange(
        from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from,
        to.isAfter(Check.MAX_INSTANT) ? Check.MAX_INSTANT : to);
  }
}
