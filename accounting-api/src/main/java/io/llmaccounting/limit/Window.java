package io.llmaccounting.limit;

import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.validation.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
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
   * Windows that tile time: [start, end), the next beginning where one ends.
   *
   * @param count how many units make one window, 1 to 1,000,000
   * @param unit the unit
   * @param zone decides where days, weeks, months and years begin
   */
  record Calendar(int count, CalendarUnit unit, ZoneId zone) implements Window {
    private static final LocalDate FIRST_MONDAY = LocalDate.of(1970, 1, 5);

    /** Checks the count. */
    public Calendar {
      Check.range("calendar window count", count, 1, 1_000_000);
      Objects.requireNonNull(unit, "unit is required, was null");
      Objects.requireNonNull(zone, "zone is required, was null");
    }

    /** The window that {@code instant} lies in. */
    public TimeRange at(Instant instant) {
      return switch (unit) {
        case SECOND -> elapsed(instant, 1);
        case MINUTE -> elapsed(instant, 60);
        case HOUR -> elapsed(instant, 3_600);
        case DAY -> days(instant, LocalDate.EPOCH, count);
        case WEEK -> days(instant, FIRST_MONDAY, 7L * count);
        case MONTH -> months(instant, count);
        case YEAR -> months(instant, 12L * count);
      };
    }

    private TimeRange elapsed(Instant instant, long unitSeconds) {
      long length = Math.multiplyExact(unitSeconds, (long) count);
      long start = Math.floorDiv(instant.getEpochSecond(), length) * length;
      return clamped(Instant.ofEpochSecond(start), Instant.ofEpochSecond(start + length));
    }

    private TimeRange days(Instant instant, LocalDate origin, long length) {
      long day = instant.atZone(zone).toLocalDate().toEpochDay() - origin.toEpochDay();
      LocalDate start = origin.plusDays(Math.floorDiv(day, length) * length);
      return dates(start, start.plusDays(length));
    }

    private TimeRange months(Instant instant, long length) {
      LocalDate day = instant.atZone(zone).toLocalDate();
      long month = ChronoUnit.MONTHS.between(LocalDate.EPOCH, day.withDayOfMonth(1));
      LocalDate start = LocalDate.EPOCH.plusMonths(Math.floorDiv(month, length) * length);
      return dates(start, start.plusMonths(length));
    }

    private TimeRange dates(LocalDate from, LocalDate to) {
      return clamped(from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
    }

    private static TimeRange clamped(Instant from, Instant to) {
      return new TimeRange(
          from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from,
          to.isAfter(Check.MAX_INSTANT) ? Check.MAX_INSTANT : to);
    }

    @Override
    public String toString() {
      return "calendar " + count + " " + unit + " " + zone;
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
    String[] words = text.split(" ", -1);
    try {
      return switch (words[0] + "/" + words.length) {
        case "rolling/2" -> new Rolling(Duration.parse(words[1]));
        case "rolling-months/2" -> new RollingMonths(Integer.parseInt(words[1]));
        case "calendar/4" ->
            new Calendar(
                Integer.parseInt(words[1]), CalendarUnit.valueOf(words[2]), ZoneId.of(words[3]));
        case "lifetime/1" -> new Lifetime();
        default -> throw new IllegalArgumentException("unknown form");
      };
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "window must be like \"rolling PT1H\", \"rolling-months 1\", \"calendar 1 MONTH UTC\" or"
              + " \"lifetime\", was \""
              + text
              + "\"",
          e);
    }
  }
}
