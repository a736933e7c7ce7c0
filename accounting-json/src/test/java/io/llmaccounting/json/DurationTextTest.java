package io.llmaccounting.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "640ms, PT0.64S",
    "1.5s, PT1.5S",
    "90m, PT1H30M",
    "1h30m, PT1H30M",
    "7d, PT168H",
    "250us, PT0.00025S",
    "PT1H, PT1H",
    "0s, PT0S"
  })
  void readsWhatPeopleWrite(String text, Duration expected) {
    assertThat(DurationText.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "1.5", "s", "1x", "1s ", "1 s", "-1s", "1e3s", "PT", "999999999d"})
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was \"" + text + "\"");
  }

  @Test
  void readsBareSeconds() {
    assertThat(DurationText.ofSeconds(new BigDecimal("0.125"))).isEqualTo(Duration.ofMillis(125));
  }

  @Test
  void readsWhatItWrites() {
    long seed = 42;
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      Duration duration = Duration.ofNanos(random.nextLong(1L << (1 + random.nextInt(61))));

      assertThat(DurationText.parse(DurationText.of(duration)))
          .as("seed %d, round %d: %s", seed, i, DurationText.of(duration))
          .isEqualTo(duration);
    }
  }
}
