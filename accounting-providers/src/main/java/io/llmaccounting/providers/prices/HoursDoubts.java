package io.llmaccounting.providers.prices;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.Consumer;

/** Finds what is allowed in prices of hours and of large requests, and yet seldom meant. */
final class HoursDoubts {
  private static final int DAYS = DayOfWeek.values().length;

  private final PriceRow row;
  private final Consumer<String> found;

  HoursDoubts(PriceRow row, Consumer<String> found) {
    this.row = row;
    this.found = found;
  }

  void look() {
    for (PriceTier tier : row.tiers()) {
      partsThatAreMissing("above " + tier.above() + " ", tier.prices());
    }
    for (DailyPrices daily : row.daily()) {
      String where = "from " + daily.start() + " ";
      partsThatAreMissing(where, daily.prices());
      if (daily.prices().equals(row.prices())) {
        doubt(where + "it costs what it costs at other times");
      }
      // a zone that was written, even UTC, is a region; only the default is this offset
      boolean zoneIsTold = !daily.zone().equals(ZoneOffset.UTC);
      if (!zoneIsTold && (daily.days().size() < DAYS || !daily.except().isEmpty())) {
        doubt(
            where
                + "its days have no \"zone\", so that they begin at midnight in UTC; name the"
                + " zone");
      }
      daily.except().stream().sorted().forEach(date -> exception(where, daily, date));
    }
  }

  /** Nothing is inherited, so what the row has a price for would count as input there. */
  private void partsThatAreMissing(String where, TokenPrices prices) {
    partIsMissing(where, "cacheRead", row.prices().cacheRead() != null, prices.cacheRead() == null);
    partIsMissing(
        where, "cacheWrite5m", row.prices().cacheWrite5m() != null, prices.cacheWrite5m() == null);
    partIsMissing(
        where, "audioInput", row.prices().audioInput() != null, prices.audioInput() == null);
    partIsMissing(where, "output", row.prices().output() != null, prices.output() == null);
  }

  private void partIsMissing(String where, String part, boolean has, boolean lacks) {
    if (has && lacks) {
      doubt("%sit has no %s, which the row has elsewhere".formatted(where, part));
    }
  }

  private void exception(String where, DailyPrices daily, LocalDate date) {
    if (!daily.days().contains(date.getDayOfWeek())) {
      doubt(
          "%sits exception %s is a %s, on which it does not start anyway"
              .formatted(where, date, date.getDayOfWeek().name().toLowerCase(Locale.ROOT)));
    } else if (!row.isInForce(date.atTime(daily.start()).atZone(daily.zone()).toInstant())) {
      doubt("%sits exception %s lies outside the row's time".formatted(where, date));
    }
  }

  private void doubt(String text) {
    found.accept("row %s: %s".formatted(row.id(), text));
  }
}
