package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class CostTest {
  @Test
  void takesDecimalsExactly() {
    assertThat(Cost.usd("0.0379055").nanos()).isEqualTo(37_905_500);
    assertThat(Cost.usd("1e-9").nanos()).isEqualTo(1);
    assertThat(Cost.usd(new BigDecimal("5.000000000000")).nanos()).isEqualTo(5_000_000_000L);
  }

  @Test
  void givesDecimalsExactly() {
    assertThat(Cost.ofNanos(37_905_500).toUsd()).isEqualByComparingTo("0.0379055");
    assertThat(Cost.ofNanos(37_905_500)).hasToString("$0.0379055");
    assertThat(Cost.usd("5")).hasToString("$5.00");
    assertThat(Cost.ZERO).hasToString("$0.00");
  }

  /** Scenario 6: ten times a dime is a dollar. */
  @Test
  void addsUpWithoutLosingAnything() {
    Cost sum = Cost.ZERO;
    for (int i = 0; i < 10; i++) {
      sum = sum.plus(Cost.usd("0.1"));
    }

    assertThat(sum).isEqualTo(Cost.usd("1.0"));
  }

  /** Scenario 7. */
  @Test
  void refusesWhatItCannotHoldExactly() {
    assertThatThrownBy(() -> Cost.usd("-0.01")).hasMessageContaining("negative");
    assertThatThrownBy(() -> Cost.usd("0.0000000001")).hasMessageContaining("nine decimals");
    assertThatThrownBy(() -> Cost.usd("NaN")).hasMessageContaining("\"NaN\"");
    assertThatThrownBy(() -> Cost.usd("1e99")).hasMessageContaining("was 1E+99");
    assertThatThrownBy(() -> Cost.usd("1e999999999")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Cost.usd("1e-999999999")).isInstanceOf(IllegalArgumentException.class);
  }

  /** faults B8, G6. */
  @Test
  void aSumThatNoLongHoldsStaysAtTheMost() {
    Cost most = Cost.ofNanos(Long.MAX_VALUE);

    assertThat(most.plus(Cost.ofNanos(1))).isEqualTo(most);
    assertThat(most.plus(most)).isEqualTo(most);
  }

  @Test
  void comparesByAmount() {
    assertThat(Cost.usd("0.10")).isLessThan(Cost.usd("0.11"));
  }
}
