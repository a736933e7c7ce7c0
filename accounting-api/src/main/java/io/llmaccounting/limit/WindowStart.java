package io.llmaccounting.limit;

import io.llmaccounting.validation.Check;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where calendar windows begin: {@link Window.Calendar#startingOn} and {@link
 * Window.Calendar#startingAt} make one.
 *
 * @param month of the year, 1 to 12; anything but 1 for windows of years only
 * @param day of the month for windows of months and years, 1 to 31, clipped to the last day of a
 *     month that is shorter; of the week for those of weeks, 1 (Monday) to 7; else 1
 * @param time of the day in whole minutes, for windows of days and longer units
 */
public record WindowStart(int month, int day, LocalTime time) {
  /** Where units begin: the first of January, Monday, the first of the month, midnight. */
  public static final WindowStart OF_UNIT = new WindowStart(1, 1, LocalTime.MIDNIGHT);

  private static final Pattern FORM = Pattern.compile("([^ :]+)?(?:(?:^| +)([0-9:]*:[0-9:]*))?");

  /** Checks the numbers. */
  public WindowStart {
    Check.range("month that windows start in", month, 1, 12);
    Check.range("day that windows start on", day, 1, Month.of(month).maxLength());
    Objects.requireNonNull(time, "time is required, was null");
    if (!time.equals(time.truncatedTo(ChronoUnit.MINUTES))) {
      throw new IllegalArgumentException(
          "time that windows start at must be in whole minutes, was " + time);
    }
  }

  /** Returns a copy at another time of the day. */
  WindowStart at(LocalTime time) {
    return new WindowStart(month, day, time);
  }

  void checkFor(CalendarUnit unit) {
    boolean timed = unit.compareTo(CalendarUnit.DAY) >= 0;
    if (!timed && !equals(OF_UNIT)) {
      throw new IllegalArgumentException(
          "windows of "
              + word(unit)
              + "s tile elapsed time and start nowhere else; count days, weeks, months or years");
    }
    if (month != 1 && unit != CalendarUnit.YEAR) {
      throw new IllegalArgumentException(
          "windows of %ss start in no month, was %d; count years".formatted(word(unit), month));
    }
    if (day != 1 && unit == CalendarUnit.DAY) {
      throw new IllegalArgumentException(
          "windows of days start on each, was day " + day + "; count weeks, months or years");
    }
    if (unit == CalendarUnit.WEEK) {
      Check.range("day of the week that windows start on", day, 1, 7);
    }
  }

  private static String word(CalendarUnit unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Writes this start as {@link #parse} reads it, with a blank before it; writes nothing for the
   * start of a unit.
   */
  String suffix(CalendarUnit unit) {
    if (equals(OF_UNIT)) {
      return "";
    }
    String date =
        switch (unit) {
          case WEEK -> " " + DayOfWeek.of(day);
          case MONTH -> " " + day;
          case YEAR -> String.format(Locale.ROOT, " %02d-%02d", month, day);
          default -> "";
        };
    return " starting" + date + (time.equals(LocalTime.MIDNIGHT) ? "" : " " + time);
  }

  /**
   * Reads where windows of {@code unit} begin: {@code 31}, {@code 31 06:00}, {@code TUESDAY},
   * {@code TUESDAY 06:00}, {@code 04-06} for the sixth of April, or {@code 06:00} alone.
   *
   * @throws IllegalArgumentException if {@code text} says no start of such windows
   */
  public static WindowStart parse(CalendarUnit unit, String text) {
    Matcher words = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!words.matches() || text.isBlank()) {
      throw unreadable(unit, text, null);
    }
    WindowStart start;
    try {
      WindowStart day = words.group(1) == null ? OF_UNIT : day(unit, words.group(1));
      start = words.group(2) == null ? day : day.at(LocalTime.parse(words.group(2)));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw unreadable(unit, text, e);
    }
    start.checkFor(unit);
    return start;
  }

  private static IllegalArgumentException unreadable(
      CalendarUnit unit, String text, @Nullable Exception cause) {
    String day =
        switch (unit) {
          case WEEK -> "a weekday such as \"tuesday\", ";
          case MONTH -> "a day such as \"31\", ";
          case YEAR -> "a month and day such as \"04-06\", ";
          default -> "";
        };
    return new IllegalArgumentException(
        "start of windows of %ss must be %sa time such as \"06:00\"%s, was \"%s\""
            .formatted(word(unit), day, day.isEmpty() ? "" : ", or both", text),
        cause);
  }

  private static WindowStart day(CalendarUnit unit, String word) {
    return switch (unit) {
      case WEEK -> on(1, DayOfWeek.valueOf(word).getValue());
      case MONTH -> on(1, Integer.parseInt(word));
      case YEAR -> {
        MonthDay date = MonthDay.parse("--" + word);
        yield on(date.getMonthValue(), date.getDayOfMonth());
      }
      default -> throw new IllegalArgumentException("no day of a " + word(unit));
    };
  }

  static WindowStart on(int month, int day) {
    return new WindowStart(month, day, LocalTime.MIDNIGHT);
  }
}
