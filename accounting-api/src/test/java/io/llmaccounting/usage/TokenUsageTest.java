package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenUsageTest {
  @Test
  void isTheSameWhicheverWayCachedTokensAreCounted() {
    TokenUsage included =
        TokenUsage.cacheIncluded().input(9_126).cacheRead(4_864).output(3_197).build();
    TokenUsage excluded =
        TokenUsage.cacheExcluded().input(9_126 - 4_864).cacheRead(4_864).output(3_197).build();

    assertThat(included).isEqualTo(excluded);
    assertThat(included.uncachedInput()).isEqualTo(4_262);
    assertThat(included.input()).isEqualTo(9_126);
    assertThat(included.total()).isEqualTo(12_323);
  }

  @Test
  void keepsItsPartsApart() {
    TokenUsage tokens =
        TokenUsage.cacheIncluded()
            .input(100)
            .cacheRead(10)
            .cacheWrite5m(20)
            .cacheWrite1h(30)
            .audioInput(5)
            .output(50)
            .reasoning(15)
            .audioOutput(25)
            .reportedTotal(150)
            .build();

    assertThat(tokens).isEqualTo(new TokenUsage(35, 10, 20, 30, 5, 10, 15, 25, 150L));
    assertThat(tokens.cacheWrite()).isEqualTo(50);
    assertThat(tokens.output()).isEqualTo(50);
    assertThat(tokens.contradictsReportedTotal()).isFalse();
  }

  @Test
  void refusesAnImpossibleSplitWithBothNumbers() {
    assertThatThrownBy(() -> TokenUsage.cacheIncluded().input(10).cacheRead(11).build())
        .hasMessageContaining("(10)")
        .hasMessageContaining("(11)")
        .hasMessageContaining("cacheExcluded()");
    assertThatThrownBy(() -> TokenUsage.cacheExcluded().output(3).reasoning(4).build())
        .hasMessageContaining("(3)")
        .hasMessageContaining("(4)");
    assertThatThrownBy(() -> TokenUsage.cacheExcluded().input(3).audioInput(4).build())
        .hasMessageContaining("audio tokens are part of input");
  }

  /** Scenario 7. */
  @Test
  void refusesNegativeAndAbsurdParts() {
    assertThatThrownBy(() -> TokenUsage.of(-1, 0)).hasMessageContaining("inputTokens");
    assertThatThrownBy(() -> TokenUsage.of(0, TokenUsage.MAX_PART + 1))
        .hasMessageContaining("outputTokens");
    assertThatThrownBy(() -> new TokenUsage(0, 0, 0, 0, 0, 0, 0, -5, null))
        .hasMessageContaining("audioOutput")
        .hasMessageContaining("-5");
  }

  @Test
  void noticesAReportedTotalThatItsPartsDoNotMake() {
    assertThat(
            TokenUsage.cacheExcluded()
                .input(1)
                .output(1)
                .reportedTotal(3)
                .build()
                .contradictsReportedTotal())
        .isTrue();
  }

  @Test
  void addsUpPartByPart() {
    TokenUsage one = new TokenUsage(1, 2, 3, 4, 5, 6, 7, 8, 36L);

    assertThat(one.plus(one)).isEqualTo(new TokenUsage(2, 4, 6, 8, 10, 12, 14, 16, null));
  }
}
