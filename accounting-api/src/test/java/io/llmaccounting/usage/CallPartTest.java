package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.pricing.PricedCall;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallPartTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");
  private static final CallPart ADVISOR =
      CallPart.of("advisor", "claude-opus-4-6", TokenUsage.of(5_000, 1_000));

  private static ModelAnswer answer(TokenUsage tokens, List<CallPart> parts) {
    return ModelAnswer.builder()
        .provider("anthropic")
        .responseModel("claude-sonnet-4-6")
        .responseId("msg_1")
        .tokens(tokens)
        .parts(parts)
        .extras(Map.of("web_search", 1L))
        .reportedCost(Cost.usd("0.0635"))
        .finishReason("end_turn")
        .serviceTier("standard")
        .speed("fast")
        .batch(true)
        .region("us")
        .build();
  }

  @Test
  void whatBelongsToNoPartIsTheMainModels() {
    TokenUsage whole = TokenUsage.of(7_000, 1_500);

    assertThat(CallPart.remainder(whole, List.of(ADVISOR))).isEqualTo(TokenUsage.of(2_000, 500));
    assertThat(CallPart.remainder(whole, List.of())).isEqualTo(whole);
  }

  @Test
  void partsAreWithinTheCall() {
    assertThatThrownBy(() -> answer(TokenUsage.of(4_999, 1_500), List.of(ADVISOR)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("uncachedInput of the parts must be within the call's 4999, was 5000");
    assertThatThrownBy(() -> answer(null, List.of(ADVISOR)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must come with the tokens of the whole call");
    assertThatThrownBy(
            () -> answer(TokenUsage.of(100_000, 100_000), Collections.nCopies(17, ADVISOR)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number of parts");
  }

  @Test
  void whatAnAnswerSaysReachesTheRecordAndItsPrice() {
    Usage usage =
        new UsageBuilder(NOON, UsageId::floor)
            .model("claude-sonnet-4-6")
            .answer(answer(TokenUsage.of(7_000, 1_500), List.of(ADVISOR)))
            .build();
    PricedCall priced = PricedCall.of(usage).orElseThrow();

    assertThat(usage.parts()).containsExactly(ADVISOR);
    assertThat(usage.reportedCost()).isEqualTo(Cost.usd("0.0635"));
    assertThat(usage.details().speed()).isEqualTo("fast");
    assertThat(usage.details().region()).isEqualTo("us");
    assertThat(usage.details().batch()).isTrue();
    assertThat(priced.mainTokens()).isEqualTo(TokenUsage.of(2_000, 500));
    assertThat(priced.speed()).isEqualTo("fast");
    assertThat(priced.extras()).containsEntry("web_search", 1L);
  }

  @Test
  void aPlainCallIsDecidedByItsModelTimeAndTokens() {
    PricedCall plain = PricedCall.of(NOON, "openai", "gpt-5", TokenUsage.of(1, 2));

    assertThat(plain.mainTokens()).isEqualTo(TokenUsage.of(1, 2));
    assertThat(plain.parts()).isEmpty();
    assertThat(plain.batch()).isFalse();
  }

  @Test
  void anAnswerWithoutTokensIsMissing() {
    assertThat(ModelAnswer.withoutUsage().source()).isEqualTo(TokenSource.MISSING);
    assertThat(ModelAnswer.builder().rawUsage("{}").build().tokens()).isNull();
    assertThat(PricedCall.of(new UsageBuilder(NOON, UsageId::floor).model("m").build())).isEmpty();
  }
}
