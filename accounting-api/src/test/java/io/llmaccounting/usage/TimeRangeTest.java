package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimeRangeTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");

  @Test
  void isHalfOpen() {
    TimeRange period = new TimeRange(Instant.parse("2026-01-01T00:00:00Z"), NOW);

    assertThat(period.contains(period.from())).isTrue();
    assertThat(period.contains(period.to())).isFalse();
  }

  @Test
  void refusesToBeEmpty() {
    assertThatThrownBy(() -> new TimeRange(NOW, NOW)).hasMessageContaining(NOW.toString());
  }

  @Test
  void understandsWordsInAZone() {
    assertThat(TimeRange.today(BERLIN).at(NOW))
        .isEqualTo(period("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
    assertThat(TimeRange.thisWeek(BERLIN).at(NOW))
        .isEqualTo(period("2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"));
    assertThat(TimeRange.thisMonth(BERLIN).at(NOW))
        .isEqualTo(period("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"));
    assertThat(TimeRange.lastMonth(BERLIN).at(NOW))
        .isEqualTo(period("2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z"));
    assertThat(TimeRange.thisYear(BERLIN).at(NOW))
        .isEqualTo(period("2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"));
  }

  @Test
  void ofTheLastStretchHoldsTheCurrentMicrosecond() {
    TimeRange hour = TimeRange.last(Duration.ofHours(1)).at(NOW);

    assertThat(hour.contains(NOW)).isTrue();
    assertThat(hour.contains(NOW.minus(Duration.ofHours(1)))).isFalse();
  }

  @Test
  void cutsTimeIntoBucketsThatTile() {
    Instant start = Instant.parse("2026-03-28T20:00:00Z");
    for (TimeBucket bucket : TimeBucket.values()) {
      for (ZoneId zone :
          new ZoneId[] {BERLIN, ZoneId.of("Asia/Kathmandu"), ZoneId.of("Australia/Lord_Howe")}) {
        Instant at = start;
        for (int i = 0; i < 50; i++) {
          TimeRange here = bucket.of(at, zone);
          assertThat(here.contains(at)).isTrue();
          assertThat(bucket.of(here.to().minusNanos(1_000), zone)).isEqualTo(here);
          assertThat(bucket.of(here.to(), zone).from()).isEqualTo(here.to());
          at = here.to();
        }
      }
    }
  }

  @Test
  void makesDaysAsLongAsTheZoneSays() {
    assertThat(
            Duration.between(day("2026-03-29T10:00:00Z").from(), day("2026-03-29T10:00:00Z").to()))
        .isEqualTo(Duration.ofHours(23));
    assertThat(
            Duration.between(day("2026-10-25T10:00:00Z").from(), day("2026-10-25T10:00:00Z").to()))
        .isEqualTo(Duration.ofHours(25));
  }

  private static TimeRange day(String instant) {
    return TimeBucket.DAY.of(Instant.parse(instant), BERLIN);
  }

  private static TimeRange period(String from, String to) {
    return new TimeRange(Instant.parse(from), Instant.parse(to));
  }
}
