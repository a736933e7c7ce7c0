package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.TimeRange;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calendar windows that begin somewhere else than their units. */
@DisplayName("faults B6, reading new capabilities: windows anchored at a day, weekday or hour")
class AnchoredWindowTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId UTC = ZoneOffset.UTC;

  @Test
  void beginsOnTheBillingDayOrTheLastOfAShorterMonth() {
    Window.Calendar window = Window.calendarMonth(UTC).startingOn(31);

    assertThat(at(window, "2024-02-10T00:00:00Z"))
        .isEqualTo(range("2024-01-31T00:00:00Z", "2024-02-29T00:00:00Z"));
    assertThat(at(window, "2024-02-29T00:00:00Z"))
        .isEqualTo(range("2024-02-29T00:00:00Z", "2024-03-31T00:00:00Z"));
    assertThat(at(window, "2024-03-30T23:59:59Z").from()).isEqualTo("2024-02-29T00:00:00Z");
    assertThat(at(window, "2024-04-30T00:00:00Z"))
        .isEqualTo(range("2024-04-30T00:00:00Z", "2024-05-31T00:00:00Z"));
    assertThat(at(window, "2023-02-28T00:00:00Z").from()).isEqualTo("2023-02-28T00:00:00Z");
  }

  @Test
  void beginsOnTheBillingDayAtTheHourOfTheZone() {
    Window.Calendar window =
        Window.calendarMonth(BERLIN).startingOn(15).startingAt(LocalTime.of(6, 0));

    assertThat(at(window, "2024-03-20T00:00:00Z"))
        .isEqualTo(range("2024-03-15T05:00:00Z", "2024-04-15T04:00:00Z"));
    assertThat(at(window, "2024-03-15T04:59:59Z").to()).isEqualTo("2024-03-15T05:00:00Z");
  }

  @Test
  void beginsOnAWeekday() {
    Window.Calendar window = Window.calendarWeek(UTC).startingOn(DayOfWeek.SUNDAY);

    assertThat(at(window, "2024-03-13T10:00:00Z"))
        .isEqualTo(range("2024-03-10T00:00:00Z", "2024-03-17T00:00:00Z"));
  }

  @Test
  void beginsInAFiscalYear() {
    Window.Calendar window =
        new Window.Calendar(1, CalendarUnit.YEAR, UTC).startingOn(MonthDay.of(4, 6));
    Window.Calendar leap =
        new Window.Calendar(1, CalendarUnit.YEAR, UTC).startingOn(MonthDay.of(2, 29));

    assertThat(at(window, "2024-03-13T10:00:00Z"))
        .isEqualTo(range("2023-04-06T00:00:00Z", "2024-04-06T00:00:00Z"));
    assertThat(at(leap, "2023-07-01T00:00:00Z"))
        .isEqualTo(range("2023-02-28T00:00:00Z", "2024-02-29T00:00:00Z"));
  }

  @Test
  void beginsAtTheJumpWhereClocksJumpOverItAndAtTheFirstWhereTheyShowItTwice() {
    Window.Calendar window = Window.calendarDay(BERLIN).startingAt(LocalTime.of(2, 30));

    assertThat(at(window, "2026-03-29T12:00:00Z").from()).isEqualTo("2026-03-29T01:00:00Z");
    assertThat(at(window, "2026-03-29T00:59:59Z").to()).isEqualTo("2026-03-29T01:00:00Z");
    assertThat(at(window, "2026-10-25T12:00:00Z").from()).isEqualTo("2026-10-25T00:30:00Z");
    assertThat(at(window, "2026-10-25T01:45:00Z").from()).isEqualTo("2026-10-25T00:30:00Z");
  }

  @Test
  void doesNotBeginTwiceWhereClocksGoBackOverMidnight() {
    ZoneId stJohns = ZoneId.of("America/St_Johns");
    Window.Calendar window = Window.calendarDay(stJohns);
    Instant secondTime = Instant.parse("2006-10-29T03:00:00Z");
    assertThat(LocalDate.ofInstant(secondTime, stJohns)).isEqualTo("2006-10-28");

    assertThat(window.at(secondTime))
        .isEqualTo(range("2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "Asia/Gaza",
        "America/St_Johns",
        "America/Sao_Paulo",
        "Africa/Casablanca",
        "Pacific/Kwajalein",
        "Europe/Dublin",
        "Antarctica/Troll",
        "UTC"
      })
  void isTheWindowThatCountingTheClocksMinuteByMinuteFinds(String name) {
    ZoneId zone = ZoneId.of(name);
    Random random = new Random(name.hashCode());
    for (int i = 0; i < 150; i++) {
      Window.Calendar window = anyWindow(zone, random);
      Instant instant = anyInstant(zone, random);
      TimeRange range = window.at(instant);

      assertThat(range).as("%s at %s", window, instant).isEqualTo(naive(window, instant));
      assertThat(Window.parse(window.toString())).isEqualTo(window);
    }
  }

  @Test
  void isReadAsItIsWrittenAndInTheWordsOfPeople() {
    assertThat(Window.calendarMonth(BERLIN).startingOn(31).startingAt(LocalTime.of(6, 0)))
        .hasToString("calendar 1 MONTH Europe/Berlin starting 31 06:00");
    assertThat(Window.calendarWeek(UTC).startingOn(DayOfWeek.TUESDAY))
        .hasToString("calendar 1 WEEK Z starting TUESDAY");
    assertThat(Window.calendarDay(UTC).startingAt(LocalTime.of(17, 30)))
        .hasToString("calendar 1 DAY Z starting 17:30");
    assertThat(WindowStart.parse(CalendarUnit.WEEK, "tuesday  6:00".replace("6:", "06:")))
        .isEqualTo(new WindowStart(1, 2, LocalTime.of(6, 0)));
    assertThat(WindowStart.parse(CalendarUnit.YEAR, "04-06"))
        .isEqualTo(new WindowStart(4, 6, LocalTime.MIDNIGHT));
    assertThat(Window.calendarWeek(UTC).startingOn(DayOfWeek.MONDAY))
        .isEqualTo(new Window.Calendar(1, CalendarUnit.WEEK, UTC));
  }

  @Test
  void refusesNonsense() {
    Window.Calendar months = Window.calendarMonth(UTC);
    assertThatThrownBy(() -> months.startingOn(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> months.startingOn(32)).hasMessageContaining("was 32");
    assertThatThrownBy(() -> Window.calendarWeek(UTC).startingOn(3))
        .hasMessageContaining("must be of a MONTH, were of a WEEK");
    assertThatThrownBy(() -> Window.calendarDay(UTC).startingOn(DayOfWeek.FRIDAY))
        .hasMessageContaining("must be of a WEEK");
    assertThatThrownBy(
            () -> new Window.Calendar(24, CalendarUnit.HOUR, UTC).startingAt(LocalTime.NOON))
        .hasMessageContaining("windows of hours");
    assertThatThrownBy(() -> months.startingAt(LocalTime.of(6, 0, 1)))
        .hasMessageContaining("06:00:01");
    for (String text : List.of("", "x", "32", "31 25:00", "06:00 31", "31 06:00 07:00", "MONDAY")) {
      assertThatThrownBy(() -> WindowStart.parse(CalendarUnit.MONTH, text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> WindowStart.parse(CalendarUnit.DAY, "31"))
        .hasMessageContaining("\"06:00\"");
    assertThatThrownBy(() -> Window.parse("rolling PT1H starting 31")).hasMessageContaining("PT1H");
    assertThatThrownBy(() -> new WindowStart(2, 30, LocalTime.MIDNIGHT))
        .hasMessageContaining("was 30");
  }

  private static Window.Calendar anyWindow(ZoneId zone, Random random) {
    LocalTime time =
        random.nextInt(3) == 0 ? LocalTime.MIDNIGHT : LocalTime.of(random.nextInt(5), 30);
    Window.Calendar window =
        switch (random.nextInt(4)) {
          case 0 -> new Window.Calendar(1 + random.nextInt(3), CalendarUnit.DAY, zone);
          case 1 ->
              new Window.Calendar(1 + random.nextInt(2), CalendarUnit.WEEK, zone)
                  .startingOn(DayOfWeek.of(1 + random.nextInt(7)));
          case 2 ->
              new Window.Calendar(1 + random.nextInt(3), CalendarUnit.MONTH, zone)
                  .startingOn(1 + random.nextInt(31));
          default ->
              new Window.Calendar(1, CalendarUnit.YEAR, zone)
                  .startingOn(MonthDay.of(1 + random.nextInt(12), 1 + random.nextInt(29)));
        };
    return window.startingAt(time);
  }

  // Often close to where clocks change.
  private static Instant anyInstant(ZoneId zone, Random random) {
    Instant any = Instant.ofEpochSecond(random.nextLong(86_400L * 800, 86_400L * 24_000));
    ZoneOffsetTransition change = zone.getRules().nextTransition(any);
    return change == null || random.nextInt(4) == 0
        ? any
        : change.getInstant().plusSeconds(random.nextLong(-90_000, 90_000));
  }

  /** The definition: looks at the dates one by one, and at the clocks minute by minute. */
  private static TimeRange naive(Window.Calendar window, Instant instant) {
    LocalDate day = LocalDate.ofInstant(instant, window.zone());
    int reach =
        switch (window.unit()) {
          case DAY -> 5;
          case WEEK -> 20;
          case MONTH -> 130;
          default -> 400;
        };
    Instant from = Instant.MIN;
    for (LocalDate date = day.minusDays(reach); ; date = date.plusDays(1)) {
      if (!starts(window).test(date)) {
        continue;
      }
      Instant start = first(date.atTime(window.start().time()), window.zone());
      if (start.isAfter(instant)) {
        return new TimeRange(from, start);
      }
      from = start;
    }
  }

  private static Predicate<LocalDate> starts(Window.Calendar window) {
    int day = window.start().day();
    return switch (window.unit()) {
      case DAY -> date -> date.toEpochDay() % window.count() == 0;
      case WEEK ->
          date ->
              date.getDayOfWeek().getValue() == day
                  && (date.toEpochDay() - 4 - (day - 1)) / 7 % window.count() == 0;
      case MONTH ->
          date ->
              date.getDayOfMonth() == Math.min(day, date.lengthOfMonth())
                  && ((date.getYear() - 1970) * 12 + date.getMonthValue() - 1) % window.count()
                      == 0;
      default ->
          date ->
              date.getMonthValue() == window.start().month()
                  && date.getDayOfMonth() == Math.min(day, date.lengthOfMonth());
    };
  }

  private static Instant first(LocalDateTime shown, ZoneId zone) {
    Instant instant = shown.toInstant(ZoneOffset.UTC).minus(Duration.ofHours(15));
    while (true) {
      ZonedDateTime clock = instant.atZone(zone);
      if (!clock.toLocalDateTime().isBefore(shown)) {
        return instant;
      }
      instant = instant.plusSeconds(60);
    }
  }

  private static TimeRange at(Window.Calendar window, String instant) {
    return window.at(Instant.parse(instant));
  }

  private static TimeRange range(String from, String to) {
    return new TimeRange(Instant.parse(from), Instant.parse(to));
  }
}
