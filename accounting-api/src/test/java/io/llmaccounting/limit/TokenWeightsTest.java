package io.llmaccounting.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("reading new capabilities: weighted tokens")
class TokenWeightsTest {
  @Test
  void weighEveryKindExactly() {
    TokenWeights weights = new TokenWeights(1_000, 100, 1_250, 2_000, 3_000, 4_000, 5_000, 8_001);
    TokenUsage tokens =
        TokenUsage.cacheExcluded()
            .input(21)
            .cacheRead(5)
            .cacheWrite5m(2)
            .cacheWrite1h(3)
            .audioInput(1)
            .output(16)
            .reasoning(4)
            .audioOutput(1)
            .build();

    assertThat(weights.of(tokens))
        .isEqualTo(
            1_000 * tokens.uncachedInput() + 500 + 2_500 + 6_000 + 3_000 + 44_000 + 20_000 + 8_001);
  }

  @Test
  void areWhatDecimalsMultipliedAndAddedMake() {
    Random random = new Random(15);
    for (int i = 0; i < 500; i++) {
      int[] weights = random.ints(8, 0, 100_001).toArray();
      long[] tokens = random.longs(8, 0, TokenUsage.MAX_PART + 1).toArray();
      BigDecimal sum = BigDecimal.ZERO;
      for (int kind = 0; kind < 8; kind++) {
        sum =
            sum.add(
                BigDecimal.valueOf(weights[kind], 3).multiply(BigDecimal.valueOf(tokens[kind])));
      }
      TokenWeights all =
          new TokenWeights(
              weights[0],
              weights[1],
              weights[2],
              weights[3],
              weights[4],
              weights[5],
              weights[6],
              weights[7]);
      TokenUsage usage =
          new TokenUsage(
              tokens[0], tokens[1], tokens[2], tokens[3], tokens[4], tokens[5], tokens[6],
              tokens[7], null);

      assertThat(TokenWeights.tokens(all.of(usage))).isEqualByComparingTo(sum);
      assertThat(TokenWeights.parse(all.toString())).isEqualTo(all);
    }
  }

  @Test
  void areFullWhereNoLongCanHoldThem() {
    TokenUsage huge = new TokenUsage(Long.MAX_VALUE, 5, 0, 0, 0, Long.MAX_VALUE, 0, 0, null);

    assertThat(TokenWeights.of("1", "4").of(huge)).isEqualTo(Long.MAX_VALUE);
    assertThat(TokenWeights.of("0", "0").of(huge)).isZero();
  }

  @Test
  void whatIsNotNamedWeighsAsInputOrOutput() {
    TokenWeights weights = TokenWeights.of("1", "4").cacheRead("0.1");

    assertThat(weights).hasToString("input=1,output=4,cache-read=0.1");
    assertThat(weights)
        .isEqualTo(new TokenWeights(1_000, 100, 1_000, 1_000, 1_000, 4_000, 4_000, 4_000));
    assertThat(weights.cacheWrite("1.25").cacheWrite1h("2").reasoning("5").audioOutput("8"))
        .hasToString(
            "input=1,output=4,cache-read=0.1,cache-write=1.25,cache-write-1h=2,reasoning=5,audio-output=8");
    assertThat(TokenWeights.parse("cache-write-1h=2, Cache-Write=1.250 ,output=4,input=1.0"))
        .isEqualTo(TokenWeights.of("1", "4").cacheWrite("1.25").cacheWrite1h("2"));
    assertThat(TokenWeights.of("1", "4").audioInput("0"))
        .hasToString("input=1,output=4,audio-input=0");
  }

  @Test
  void refuseNonsense() {
    for (String text :
        List.of("", "input=1", "output=1", "input=1,output", "input=1,output=2,input=1", "x=1")) {
      assertThatThrownBy(() -> TokenWeights.parse(text)).as(text).hasMessageContaining(text + "\"");
    }
    for (String weight : List.of("-0.1", "100.001", "0.0001", "1e9", "1e999999999", "x", "")) {
      assertThatThrownBy(() -> TokenWeights.of("1", weight))
          .as(weight)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void belongToLimitsOnWeightedTokensOnly() {
    assertThatThrownBy(() -> Limit.named("w").of(Metric.WEIGHTED_TOKENS, 5).lifetime())
        .hasMessageContaining("\"w\"")
        .hasMessageContaining("needs weights");
    assertThatThrownBy(
            () -> Limit.named("w").of(Metric.TOTAL_TOKENS, 5, TokenWeights.of("1", "4")).lifetime())
        .hasMessageContaining("must be absent");
    assertThat(Limit.named("w").unlimited(Metric.WEIGHTED_TOKENS).weights()).isNull();
    Limit limit = Limit.named("w").weightedTokens(12, TokenWeights.of("1", "4")).lifetime();
    assertThat(limit.maximum()).isEqualTo(12_000);
    assertThat(limit.warning().withMaximum(500).weights()).isEqualTo(limit.weights());
    assertThat(limit).hasToString("WEIGHTED_TOKENS limit \"w\" of 12, lifetime, input=1,output=4");
    assertThat(new Amount(Metric.WEIGHTED_TOKENS, 9_500)).hasToString("9.5 weighted tokens");
    assertThat(new Amount(Metric.WEIGHTED_TOKENS, -1_000)).hasToString("-1 weighted token");
    assertThat(new Amount(Metric.UNCACHED_INPUT_TOKENS, 1)).hasToString("1 uncached input token");
  }
}
