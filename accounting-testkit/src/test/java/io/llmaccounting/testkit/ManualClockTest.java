package io.llmaccounting.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {

  @Test
  void standsStillUntilItIsMoved() {
    ManualClock clock = ManualClock.create();

    assertThat(clock.instant()).isEqualTo(ManualClock.START).isEqualTo(clock.instant());
  }

  @Test
  void advancesByExactlyTheStep() {
    ManualClock clock = ManualClock.at("2024-02-29T12:00:00Z");

    clock.advance(Duration.ofNanos(1_000));
    clock.advance(Duration.ofDays(-1));

    assertThat(clock.instant()).isEqualTo(Instant.parse("2024-02-28T12:00:00.000001Z"));
  }

  @Test
  void isSetToAnInstantInItsPast() {
    ManualClock clock = ManualClock.create();

    clock.set("2024-02-29T12:00:00Z");

    assertThat(clock.instant()).isEqualTo(Instant.parse("2024-02-29T12:00:00Z"));
  }
}
