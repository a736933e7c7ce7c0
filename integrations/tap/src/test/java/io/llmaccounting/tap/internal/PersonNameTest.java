package io.llmaccounting.tap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Attribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonNameTest {
  @Test
  void aNameThatCanBeStoredStays() {
    assertThat(PersonName.of(" alice ")).isEqualTo("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\0b", "\uD800"})
  void whoCannotBeStoredIsAlwaysTheSame(String said) {
    assertSame(said);
  }

  @Test
  void longNamesAreTold() {
    String name = "CN=" + "x".repeat(300);

    assertSame(name);
    assertThat(PersonName.of(name)).isNotEqualTo(PersonName.of(name + "y"));
  }

  private static void assertSame(String said) {
    String name = PersonName.of(said);
    assertThat(name).matches("sha256-[0-9a-f]{64}").isEqualTo(PersonName.of(said));
    assertThat(Attribution.NONE.withUser(name).user()).isEqualTo(name);
  }
}
