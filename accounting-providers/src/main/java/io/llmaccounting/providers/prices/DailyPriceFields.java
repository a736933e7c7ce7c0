package io.llmaccounting.providers.prices;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the prices of a part of the day. Confined to one thread. */
final class DailyPriceFields {
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private final PriceJson json;
  private final TokenPriceFields prices = new TokenPriceFields();
  private @Nullable LocalTime start;
  private @Nullable LocalTime end;
  private Set<DayOfWeek> days = EnumSet.allOf(DayOfWeek.class);
  private final Set<LocalDate> except = new TreeSet<>();
  private ZoneId zone = ZoneOffset.UTC;

  DailyPriceFields(PriceJson json) {
    this.json = json;
  }

  DailyPrices read() throws IOException {
    json.object(this::key);
    if (start == null || end == null || start.equals(end)) {
      throw json.problem("daily prices must have \"start\" and \"end\", and they must differ");
    }
    return new DailyPrices(start, end, days, except, zone, prices.build());
  }

  private void key(String key) throws IOException {
    switch (key) {
      case "start" -> start = time();
      case "end" -> end = time();
      case "days" -> days = days();
      case "except" -> json.array(() -> except.add(date()));
      case "zone" -> zone = zone();
      default -> {
        if (!prices.take(key, json)) {
          throw json.problem("unknown key \"%s\" in daily prices".formatted(key));
        }
      }
    }
  }

  private LocalTime time() throws IOException {
    return parsed("a time of day like 16:30", LocalTime::parse);
  }

  private LocalDate date() throws IOException {
    return parsed("a date like 2026-10-01", LocalDate::parse);
  }

  private ZoneId zone() throws IOException {
    return parsed("a time zone like Asia/Shanghai", ZoneId::of);
  }

  private <T> T parsed(String expected, java.util.function.Function<String, T> parse)
      throws IOException {
    String text = json.word();
    try {
      return parse.apply(text);
    } catch (DateTimeException e) {
      throw json.problem("expected %s, found %s".formatted(expected, text));
    }
  }

  /** Names of days, and ranges of them: {@code ["mon-fri", "sun"]}. */
  private Set<DayOfWeek> days() throws IOException {
    List<DayOfWeek> named = new ArrayList<>();
    for (String word : json.words()) {
      String[] ends = word.toLowerCase(Locale.ROOT).split("-", -1);
      int first = DAYS.indexOf(ends[0]);
      int last = DAYS.indexOf(ends[ends.length - 1]);
      if (first < 0 || last < 0 || ends.length > 2) {
        throw json.problem("expected days like mon or mon-fri, found " + word);
      }
      for (int day = first; ; day = (day + 1) % DAYS.size()) {
        named.add(DayOfWeek.of(day + 1));
        if (day == last) {
          break;
        }
      }
    }
    if (named.isEmpty()) {
      throw json.problem("days must name a day of the week, was empty");
    }
    return EnumSet.copyOf(named);
  }
}
