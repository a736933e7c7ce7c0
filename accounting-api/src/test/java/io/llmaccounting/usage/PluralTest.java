package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PluralTest {
  @Test
  void onlyOneIsSingular() {
    assertThat(Plural.of(0, "call")).isEqualTo("0 calls");
    assertThat(Plural.of(1, "call")).isEqualTo("1 call");
    assertThat(Plural.of(2, "call")).isEqualTo("2 calls");
    assertThat(Plural.of(2_000_000_000_000L, "entry")).isEqualTo("2000000000000 entries");
    assertThat(Plural.of(2, "key")).isEqualTo("2 keys");
    assertThat(Plural.of(1, "entry")).isEqualTo("1 entry");
    assertThat(Plural.of(3, "process")).isEqualTo("3 processes");
  }

  @Test
  void verbsFollowTheCount() {
    assertThat(Plural.verb(1, "was", "were")).isEqualTo("was");
    assertThat(Plural.verb(0, "was", "were")).isEqualTo("were");
  }
}
