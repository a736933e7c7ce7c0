package io.llmaccounting.providers.prices;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Set;

/**
 * Prices for a part of some days.
 *
 * @param start the first instant of it, by the clocks of {@code zone}
 * @param end the first instant after it; before {@code start} if it spans midnight, and then it
 *     belongs to the day on which it started
 * @param days the days of the week on which it starts; all seven where nothing is said
 * @param except dates on which it does not start, for instance public holidays
 * @param zone where those clocks and days are; UTC where nothing is said
 * @param prices the prices of these hours, in full
 */
public record DailyPrices(
    LocalTime start,
    LocalTime end,
    Set<DayOfWeek> days,
    Set<LocalDate> except,
    ZoneId zone,
    TokenPrices prices) {
  private static final LocalDate ANY_DAY = LocalDate.of(2027, 3, 1);
  private static final int FEW_WEEKS = 7 * 3;
  private static final int YEAR = 7 * 53;

  /** Checks that there are days, and that the hours are not empty. */
  public DailyPrices {
    Objects.requireNonNull(prices, "prices is required, was null");
    Objects.requireNonNull(zone, "zone is required, was null");
    days = Set.copyOf(days);
    except = Set.copyOf(except);
    if (start.equals(end)) {
      throw new IllegalArgumentException("start and end must differ, both were " + start);
    }
    if (days.isEmpty()) {
      throw new IllegalArgumentException("days must name a day of the week, was empty");
    }
  }

  boolean contains(Instant at) {
    ZonedDateTime local = at.atZone(zone);
    LocalTime time = local.toLocalTime();
    boolean started = !time.isBefore(start);
    boolean notEnded = time.isBefore(end);
    if (start.isBefore(end)) {
      return started && notEnded && startsOn(local.toLocalDate());
    }
    return (started && startsOn(local.toLocalDate()))
        || (notEnded && startsOn(local.toLocalDate().minusDays(1)));
  }

  /**
   * Whether both hold at some instant. The days of a year are tried, so that zones, changes of
   * clocks, days of the week and hours over midnight all count; in one zone those of a few weeks,
   * which are all alike after the last date that is left out.
   */
  boolean overlaps(DailyPrices other) {
    LocalDate first = laterOf(ANY_DAY, laterOf(lastException(), other.lastException()));
    int days = zone.equals(other.zone) ? FEW_WEEKS : YEAR;
    return covers(other, first, days) || other.covers(this, first, days);
  }

  private LocalDate lastException() {
    return except.stream().map(date -> date.plusDays(2)).reduce(ANY_DAY, DailyPrices::laterOf);
  }

  private static LocalDate laterOf(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  // where two spans meet, the start of one of them lies in the other
  private boolean covers(DailyPrices other, LocalDate first, int tried) {
    for (int day = 0; day < tried; day++) {
      LocalDate date = first.plusDays(day);
      if (other.startsOn(date)
          && contains(date.atTime(other.start).atZone(other.zone).toInstant())) {
        return true;
      }
    }
    return false;
  }

  private boolean startsOn(LocalDate date) {
    return days.contains(date.getDayOfWeek()) && !except.contains(date);
  }
}
