package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UsageConflictExceptionTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");

  private static Usage call(Consumer<UsageBuilder> more) {
    UsageBuilder builder = new UsageBuilder(NOON, UsageId::floor).model("gpt-5-mini").key("job-1");
    more.accept(builder);
    return builder.build();
  }

  private static UsageConflictException conflict(
      Consumer<UsageBuilder> stored, Consumer<UsageBuilder> refused) {
    return new UsageConflictException(call(stored), call(refused));
  }

  @Test
  @DisplayName("faults A3: the message of a conflict names the fields that differ, and no more")
  void namesTheFieldsThatDifferWithTheirValues() {
    UsageConflictException conflict =
        conflict(
            call -> call.tokens(TokenUsage.of(901, 5)).user("alice"),
            call -> call.tokens(TokenUsage.of(900, 5)).user("alice"));

    assertThat(conflict).hasMessageContaining("inputTokens 900, stored 901");
    assertThat(conflict.getMessage()).doesNotContain("outputTokens", "alice").hasSizeLessThan(200);
    assertThat(conflict.stored().tokens()).isEqualTo(TokenUsage.of(901, 5));
    assertThat(conflict.refused().tokens()).isEqualTo(TokenUsage.of(900, 5));
  }

  @Test
  void namesPartsOfTokensWhereTheTotalsAgree() {
    TokenUsage cached = TokenUsage.cacheIncluded().input(900).cacheRead(300).output(5).build();

    assertThat(conflict(call -> call.tokens(TokenUsage.of(900, 5)), call -> call.tokens(cached)))
        .hasMessageContaining("cacheRead 300, stored 0")
        .hasMessageContaining("uncachedInput 600, stored 900");
  }

  @Test
  void doesNotNamePartsThatDifferInTheirPriceOnly() {
    CallPart part = CallPart.of("advisor", null, TokenUsage.of(1, 1));
    CallPart priced = part.withPrice(new PricedCost(Cost.ofNanos(7), "row"));

    assertThat(
            conflict(
                call -> call.tokens(TokenUsage.of(9, 5)).parts(List.of(priced)),
                call -> call.tokens(TokenUsage.of(8, 5)).parts(List.of(part))))
        .hasMessageContaining("inputTokens 8, stored 9")
        .hasMessageNotContaining("parts");
  }

  @Test
  void namesFieldsOfPeopleWithoutTheirValues() {
    String message =
        conflict(
                call -> call.user("alice").session("s-1").tag("mail", "a@x"),
                call -> call.user("bob").session("s-2").tag("mail", "b@x"))
            .getMessage();

    assertThat(message)
        .contains("user (not shown); session (not shown); tags (not shown)")
        .doesNotContain("alice", "bob", "s-1", "s-2", "@x");
  }

  @Test
  void namesTimesWhereNothingElseDiffers() {
    assertThat(
            conflict(
                call -> call.latency(Duration.ofMillis(1)),
                call -> call.latency(Duration.ofMillis(2))))
        .hasMessageContaining("latency PT0.002S, stored PT0.001S");
  }

  @Test
  void cutsLongValues() {
    assertThat(conflict(call -> call.provider("p".repeat(200)), call -> {}).getMessage())
        .contains("p".repeat(64) + "...")
        .doesNotContain("p".repeat(65));
  }

  @Test
  void doesNotNameAnErrorThatCountsNoMore() {
    Usage failed = call(call -> call.failed("java.io.IOException", "reset"));
    Usage succeeded = call(call -> call.tokens(TokenUsage.of(10, 5)));
    Usage counts = failed.withFigures(CallFigures.of(succeeded));
    Usage other = call(call -> call.tokens(TokenUsage.of(10, 6)));

    assertThat(new UsageConflictException(counts, other))
        .hasMessageContaining("outputTokens 6, stored 5")
        .hasMessageNotContaining("error");
    assertThat(new UsageConflictException(counts, call(call -> call.failed("E", "again"))))
        .hasMessageContaining("outcome FAILED, stored SUCCEEDED")
        .hasMessageContaining("errorType E, stored none");
  }

  @Test
  void namesTheErrorWhereNothingElseDiffers() {
    assertThat(
            conflict(
                call -> call.failed("E", "one").outcome(Outcome.SUCCEEDED),
                call -> call.failed("F", "one").outcome(Outcome.SUCCEEDED)))
        .hasMessageContaining("errorType F, stored E");
  }
}
