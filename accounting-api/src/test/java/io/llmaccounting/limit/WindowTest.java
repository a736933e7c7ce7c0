package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** Scenario 9. */
  @Test
  void ofTheCalendarBeginsWhereItsUnitsBegin() {
    assertThat(utc(5, CalendarUnit.MINUTE, "2024-03-13T10:37:45Z"))
        .isEqualTo(period("2024-03-13T10:35:00Z", "2024-03-13T10:40:00Z"));
    assertThat(utc(1, CalendarUnit.DAY, "2024-03-13T10:37:45Z").from())
        .isEqualTo("2024-03-13T00:00:00Z");
    assertThat(utc(1, CalendarUnit.WEEK, "2024-03-13T10:00:00Z").from())
        .isEqualTo("2024-03-11T00:00:00Z");
    assertThat(utc(2, CalendarUnit.WEEK, "2024-03-11T00:00:00Z").from())
        .isEqualTo("2024-03-04T00:00:00Z");
    assertThat(utc(1, CalendarUnit.MONTH, "2024-03-15T00:00:00Z").from())
        .isEqualTo("2024-03-01T00:00:00Z");
    assertThat(utc(3, CalendarUnit.MONTH, "2024-03-15T00:00:00Z").from())
        .isEqualTo("2024-01-01T00:00:00Z");
    assertThat(utc(1, CalendarUnit.YEAR, "2024-03-15T00:00:00Z"))
        .isEqualTo(period("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"));
  }

  /** Scenario 10. */
  @Test
  void ofOddLengthTilesTimeWithoutRaggedEnds() {
    for (Window.Calendar window :
        new Window.Calendar[] {
          new Window.Calendar(7, CalendarUnit.MINUTE, ZoneOffset.UTC),
          new Window.Calendar(90, CalendarUnit.SECOND, ZoneOffset.UTC),
          new Window.Calendar(48, CalendarUnit.HOUR, BERLIN)
        }) {
      TimeRange first = window.at(Instant.parse("2024-03-30T10:37:45Z"));
      TimeRange next = window.at(first.to());
      assertThat(next.from()).isEqualTo(first.to());
      assertThat(Duration.between(next.from(), next.to()))
          .isEqualTo(Duration.between(first.from(), first.to()));
    }
  }

  /** Scenario 11. */
  @Test
  void ofAMonthEndsWithItsYear() {
    assertThat(utc(1, CalendarUnit.MONTH, "2024-12-15T00:00:00Z").to())
        .isEqualTo("2025-01-01T00:00:00Z");
  }

  @Test
  void ofADayIsAsLongAsItsZoneSays() {
    TimeRange spring =
        new Window.Calendar(1, CalendarUnit.DAY, BERLIN).at(Instant.parse("2026-03-29T10:00:00Z"));
    TimeRange autumn =
        new Window.Calendar(1, CalendarUnit.DAY, BERLIN).at(Instant.parse("2026-10-25T10:00:00Z"));

    assertThat(Duration.between(spring.from(), spring.to())).isEqualTo(Duration.ofHours(23));
    assertThat(Duration.between(autumn.from(), autumn.to())).isEqualTo(Duration.ofHours(25));
  }

  @Test
  void reachesBackToNothingBefore1970() {
    assertThat(utc(2, CalendarUnit.WEEK, "1970-01-01T00:00:00Z").from()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void isReadAsItIsWritten() {
    for (Window window :
        new Window[] {
          new Window.Rolling(Duration.ofMinutes(90)),
          new Window.RollingMonths(3),
          new Window.Calendar(2, CalendarUnit.WEEK, BERLIN),
          new Window.Lifetime()
        }) {
      assertThat(Window.parse(window.toString())).isEqualTo(window);
    }
    assertThatThrownBy(() -> Window.parse("yearly")).hasMessageContaining("\"yearly\"");
  }

  /** Scenario 30. */
  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> new Window.Rolling(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> new Window.Rolling(Duration.ofSeconds(-1)))
        .hasMessageContaining("rolling window");
    assertThatThrownBy(() -> new Window.RollingMonths(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> new Window.Calendar(0, CalendarUnit.DAY, BERLIN))
        .hasMessageContaining("was 0");
  }

  private static TimeRange utc(int count, CalendarUnit unit, String at) {
    return new Window.Calendar(count, unit, ZoneOffset.UTC).at(Instant.parse(at));
  }

  private static TimeRange period(String from, String to) {
    return new TimeRange(Instant.parse(from), Instant.parse(to));
  }
}
