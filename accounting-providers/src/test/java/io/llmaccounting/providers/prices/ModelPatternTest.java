package io.llmaccounting.providers.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPatternTest {
  @ParameterizedTest
  @CsvSource({
    "gpt-5, gpt-5, true",
    "gpt-5, gpt-5-mini, false",
    "GPT-5, gpt-5, true",
    "gpt-5*, gpt-5, true",
    "gpt-5*, gpt-5-mini, true",
    "*nova-lite*, us.amazon.nova-lite-v1:0, true",
    "*nova-lite, us.amazon.nova-lite-v1:0, false",
    "x-####-##, x-2026-01, true",
    "x-####-##, x-2026-0a, false",
    "x-##, x-123, false",
    "*, anything, true",
    "a*b*c, aXbXbc, true",
    "a*b*c, aXbXb, false"
  })
  void matchesNames(String pattern, String name, boolean matches) {
    assertThat(new ModelPattern(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void agreesWithRegularExpressions() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      String pattern = text(random, "ab1*#", 6);
      String name = text(random, "ab1", 8);
      String regex = pattern.replace("*", ".*").replace("#", "[0-9]");

      assertThat(new ModelPattern(pattern).matches(name))
          .as("seed %d: %s with %s", seed, pattern, name)
          .isEqualTo(name.matches(regex));
    }
  }

  @Test
  void takesNoTimeWhateverThePattern() {
    ModelPattern pattern = new ModelPattern("*a".repeat(100) + "b");

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(pattern.matches("a".repeat(10_000))).isFalse());
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-5, gpt-5",
    "gpt-5\\.1.*, gpt-5.1*",
    "(?:a|b.*|c-\\d{4}$), a b* c-####",
    "a-\\d.*, a-#*",
    "(?:v1:0|x/y@z), v1:0 x/y@z",
    "(?=gem.*$)(?=(?!.*-[tT][tT][sS](?:$|-)).*$).*, gem* !*-tts !*-tts-*"
  })
  void factsPatternsBecomeNames(String regex, String names) {
    assertThat(FactPattern.names(regex)).isEqualTo(List.of(names.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a+", "a.b", "[ab]", "(a|b)c", "a?", "^a", "(?!a).*", "a\\w"})
  void factsPatternsThatSayMoreAreRefused(String regex) {
    assertThatThrownBy(() -> FactPattern.names(regex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("names with wildcards");
  }

  private static String text(Random random, String letters, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
