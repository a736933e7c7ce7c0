package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WindowWordsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static String calendar(int count, CalendarUnit unit, ZoneId zone) {
    return WindowWords.of(new Window.Calendar(count, unit, zone));
  }

  @Test
  void calendarsAreCountedInTheirZone() {
    assertThat(calendar(1, CalendarUnit.DAY, ZoneOffset.UTC)).isEqualTo("calendar day (UTC)");
    assertThat(calendar(15, CalendarUnit.MINUTE, ZoneId.of("UTC")))
        .isEqualTo("calendar 15 minutes (UTC)");
    assertThat(calendar(1, CalendarUnit.MONTH, BERLIN)).isEqualTo("calendar month (Europe/Berlin)");
  }

  @Test
  void aStartIsSaid() {
    Window.Calendar month = new Window.Calendar(1, CalendarUnit.MONTH, BERLIN);

    assertThat(WindowWords.of(month.startingOn(31).startingAt(LocalTime.of(6, 0))))
        .isEqualTo("calendar month (Europe/Berlin, starting 31 06:00)");
  }

  @Test
  void rollingWindowsAreAsLongAsTheyAre() {
    assertThat(WindowWords.of(new Window.RollingMonths(1))).isEqualTo("rolling month");
    assertThat(WindowWords.of(new Window.RollingMonths(3))).isEqualTo("rolling 3 months");
    assertThat(WindowWords.of(new Window.Rolling(Duration.ofHours(1)))).isEqualTo("rolling PT1H");
  }
}
