package io.llmaccounting.limit;

import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.validation.Check;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The stretch of time that a limit looks at. A pure function of the instant: nothing is ever reset
 * by a job.
 */
public sealed interface Window {

  /**
   * The last {@code length} of time: usage charged at s counts at every t with s ≤ t &lt; s +
   * length.
   *
   * @param length 1 millisecond to 36,500 days, microsecond precision
   */
  record Rolling(Duration length) implements Window {
    /** Checks the length. */
    public Rolling {
      Objects.requireNonNull(length, "window is required, was null");
      if (length.compareTo(Duration.ofMillis(1)) < 0
          || length.compareTo(Duration.ofDays(36_500)) > 0) {
        throw new IllegalArgumentException(
            "rolling window must be from PT0.001S to P36500D, was " + length);
      }
      length = length.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public String toString() {
      return "rolling " + length;
    }
  }

  /**
   * The last months: usage charged at s counts until s plus so many months in UTC, a day that does
   * not exist clamped to the last of its month.
   *
   * @param months 1 to 36
   */
  record RollingMonths(int months) implements Window {
    /** Checks the number. */
    public RollingMonths {
      Check.range("rolling months", months, 1, 36);
    }

    @Override
    public String toString() {
      return "rolling-months " + months;
    }
  }

  /**
   * Windows that follow one another without gaps: each is [start, end), and the next begins where
   * it ends.
   *
   * @param count how many units make one window, 1 to 1,000,000
   * @param unit the unit
   * @param zone decides where days, weeks, months and years begin
   * @param start where in its unit a window begins
   */
  record Calendar(int count, CalendarUnit unit, ZoneId zone, WindowStart start) implements Window {
    /** Checks the count, and that windows of this unit can begin there. */
    public Calendar {
      Check.range("calendar window count", count, 1, 1_000_000);
      Objects.requireNonNull(unit, "unit is required, was null");
      Objects.requireNonNull(zone, "zone is required, was null");
      Objects.requireNonNull(start, "start is required, was null").checkFor(unit);
    }

    /** Windows that begin where their units begin. */
    public Calendar(int count, CalendarUnit unit, ZoneId zone) {
      this(count, unit, zone, WindowStart.OF_UNIT);
    }

    /**
     * Returns a copy that begins on this day of a month, 1 to 31: a billing day. In a shorter
     * month, the window begins on its last day.
     *
     * @throws IllegalArgumentException if these are not windows of months
     */
    public Calendar startingOn(int dayOfMonth) {
      require(CalendarUnit.MONTH, "day of the month");
      return starting(new WindowStart(1, dayOfMonth, start.time()));
    }

    /**
     * Returns a copy that begins on this day of a week.
     *
     * @throws IllegalArgumentException if these are not windows of weeks
     */
    public Calendar startingOn(DayOfWeek day) {
      require(CalendarUnit.WEEK, "day of the week");
      return starting(new WindowStart(1, day.getValue(), start.time()));
    }

    /**
     * Returns a copy that begins on this day of a year: a fiscal year. In most years, the 29th of
     * February means the 28th.
     *
     * @throws IllegalArgumentException if these are not windows of years
     */
    public Calendar startingOn(MonthDay day) {
      require(CalendarUnit.YEAR, "day of the year");
      return starting(new WindowStart(day.getMonthValue(), day.getDayOfMonth(), start.time()));
    }

    /**
     * Returns a copy that begins at this time of the day in the zone. Where clocks jump over it,
     * they begin at the jump; where clocks show it twice, at the first of the two.
     *
     * @param time whole minutes
     * @throws IllegalArgumentException if these are windows of hours or less
     */
    public Calendar startingAt(LocalTime time) {
      return starting(start.at(time));
    }

    private Calendar starting(WindowStart start) {
      return new Calendar(count, unit, zone, start);
    }

    private void require(CalendarUnit needed, String what) {
      if (unit != needed) {
        throw new IllegalArgumentException(
            "windows that start on a %s must be of a %s, were of a %s"
                .formatted(what, needed, unit));
      }
    }

    /** The window that {@code instant} lies in. */
    public TimeRange at(Instant instant) {
      return CalendarWindows.at(this, instant);
    }

    @Override
    public String toString() {
      return "calendar " + count + " " + unit + " " + zone + start.suffix(unit);
    }
  }

  /** Windows of one day in {@code zone}. */
  static Calendar calendarDay(ZoneId zone) {
    return new Calendar(1, CalendarUnit.DAY, zone);
  }

  /** Windows of one week in {@code zone}. */
  static Calendar calendarWeek(ZoneId zone) {
    return new Calendar(1, CalendarUnit.WEEK, zone);
  }

  /** Windows of one month in {@code zone}. */
  static Calendar calendarMonth(ZoneId zone) {
    return new Calendar(1, CalendarUnit.MONTH, zone);
  }

  /**
   * A window without any time: nothing that was used counts, only what is held for calls under way.
   */
  record Now() implements Window {
    @Override
    public String toString() {
      return "now";
    }
  }

  /** All time. */
  record Lifetime() implements Window {
    @Override
    public String toString() {
      return "lifetime";
    }
  }

  /**
   * Reads what {@code toString()} writes.
   *
   * @throws IllegalArgumentException if {@code text} is no window
   */
  static Window parse(String text) {
    String[] sides = text.split(" starting ", 2);
    String[] words = sides[0].split(" ", -1);
    try {
      if (sides.length == 2 && !words[0].equals("calendar")) {
        throw new IllegalArgumentException("only windows of the calendar start somewhere");
      }
      return switch (words[0] + "/" + words.length) {
        case "rolling/2" -> new Rolling(Duration.parse(words[1]));
        case "rolling-months/2" -> new RollingMonths(Integer.parseInt(words[1]));
        case "calendar/4" -> {
          CalendarUnit unit = CalendarUnit.valueOf(words[2]);
          yield new Calendar(
              Integer.parseInt(words[1]),
              unit,
              ZoneId.of(words[3]),
              sides.length == 1 ? WindowStart.OF_UNIT : WindowStart.parse(unit, sides[1]));
        }
        case "now/1" -> new Now();
        case "lifetime/1" -> new Lifetime();
        default -> throw new IllegalArgumentException("unknown form");
      };
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "window must be like \"rolling PT1H\", \"rolling-months 1\", \"calendar 1 MONTH UTC\","
              + " \"calendar 1 MONTH UTC starting 31 06:00\", \"now\" or \"lifetime\", was \""
              + text
              + "\"",
          e);
    }
  }
}
