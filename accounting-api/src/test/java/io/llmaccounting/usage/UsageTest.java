package io.llmaccounting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageTest {
  private static final Instant NOON = Instant.parse("2026-03-15T12:00:00.123456789Z");

  private static UsageBuilder aCall() {
    return new UsageBuilder(NOON, at -> UsageId.floor(at)).model("gpt-5-mini");
  }

  @Test
  void keepsMicrosecondsAndCutsTheRest() {
    assertThat(aCall().build().occurredAt()).isEqualTo("2026-03-15T12:00:00.123456Z");
  }

  @Test
  void withoutTokensIsMissingAndNotZero() {
    Usage usage = aCall().build();

    assertThat(usage.source()).isEqualTo(TokenSource.MISSING);
    assertThat(usage.tokens()).isNull();
  }

  @Test
  void withoutACostIsUnknownAndNotFree() {
    assertThat(aCall().build().cost()).isEmpty();
    assertThat(aCall().cost(Cost.ZERO).build().cost()).contains(Cost.ZERO);
  }

  @Test
  void letsTheCallersCostWinAndKeepsBoth() {
    Usage usage =
        aCall()
            .cost(Cost.usd("2"))
            .build()
            .withComputedCost(new PricedCost(Cost.usd("1"), "row-1"));

    assertThat(usage.cost()).contains(Cost.usd("2"));
    assertThat(usage.computedCost()).isEqualTo(new PricedCost(Cost.usd("1"), "row-1"));
  }

  /** Scenario 8: blank is refused, and so are surrounding blanks. */
  @Test
  void refusesAModelThatIsAbsentOrBlank() {
    assertThatThrownBy(() -> new UsageBuilder(NOON, UsageId::floor).build())
        .hasMessage("model is required, was null");
    assertThatThrownBy(() -> aCall().model(" ").build()).hasMessageContaining("blank");
    assertThatThrownBy(() -> aCall().model(" gpt-4").build()).hasMessageContaining("\" gpt-4\"");
  }

  @Test
  void refusesNamesThatNoDatabaseStores() {
    assertThatThrownBy(() -> aCall().user("a\0b").build()).hasMessageContaining("user");
    assertThatThrownBy(() -> aCall().user("\uD800").build()).hasMessageContaining("U+D800");
    assertThatThrownBy(() -> aCall().project("é".repeat(128)).build())
        .hasMessageContaining("256 bytes");
    assertThat(aCall().user("\uD83D\uDE00").build().attribution().user()).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void refusesTokensGivenBothWays() {
    assertThatThrownBy(() -> aCall().inputTokens(1).tokens(TokenUsage.of(1, 1)).build())
        .hasMessageContaining("both ways");
  }

  @Test
  void refusesTokensThatContradictTheirSource() {
    assertThatThrownBy(() -> aCall().inputTokens(1).source(TokenSource.MISSING).build())
        .hasMessageContaining("MISSING");
    assertThatThrownBy(() -> aCall().source(TokenSource.REPORTED).build())
        .hasMessageContaining("REPORTED");
  }

  @Test
  void refusesAnIdOfAnotherTime() {
    UUID earlier = UsageId.floor(NOON.minusMillis(1));

    assertThatThrownBy(() -> aCall().at(NOON).id(earlier).build())
        .hasMessageContaining(earlier.toString());
    assertThatThrownBy(() -> aCall().at(NOON).id(new UUID(1, 1)).build())
        .hasMessageContaining("version 7");
  }

  @Test
  void takesItsTimeFromItsId() {
    UUID id = UsageId.floor(NOON.minusSeconds(60));

    assertThat(aCall().id(id).build().occurredAt()).isEqualTo(UsageId.timeOf(id));
  }

  @Test
  void refusesTooManyTags() {
    UsageBuilder call = aCall();
    for (int i = 0; i < 17; i++) {
      call.tag("tag" + i, "x");
    }

    assertThatThrownBy(call::build).hasMessageContaining("at most 16");
  }

  @Test
  void anAnswerIsCheckedWhereItIsMade() {
    for (String odd : List.of("", " padded", "nul\0", "lone\ud800", "x".repeat(256))) {
      refusedAnswer("provider", odd, null, null, null, null);
      refusedAnswer("responseModel", null, odd, null, null, null);
      refusedAnswer("responseId", null, null, odd, null, null);
      refusedAnswer("finishReason", null, null, null, odd, null);
      refusedAnswer("serviceTier", null, null, null, null, odd);
    }
    assertThatThrownBy(() -> answer(Map.of("web_search", -1L), null))
        .hasMessageContaining("extras.web_search");
    assertThatThrownBy(() -> answer(Map.of(), "x".repeat(4_001))).hasMessageContaining("rawUsage");
    assertThatThrownBy(() -> answer(Map.of(), "\udc00")).hasMessageContaining("rawUsage");
  }

  private static void refusedAnswer(String field, String... names) {
    assertThatThrownBy(
            () ->
                ModelAnswer.builder()
                    .provider(names[0])
                    .responseModel(names[1])
                    .responseId(names[2])
                    .finishReason(names[3])
                    .serviceTier(names[4])
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field);
  }

  private static ModelAnswer answer(Map<String, Long> extras, String rawUsage) {
    return ModelAnswer.builder().extras(extras).rawUsage(rawUsage).build();
  }

  @Test
  void keepsWhatAnAnswerSays() {
    Usage usage =
        aCall()
            .answer(
                ModelAnswer.builder()
                    .provider("openai")
                    .responseModel("gpt-5-mini-2025-08-07")
                    .responseId("resp-1")
                    .tokens(TokenUsage.of(3, 4))
                    .source(TokenSource.PARTIAL)
                    .extras(Map.of("web_search", 2L))
                    .finishReason("length")
                    .serviceTier("flex")
                    .rawUsage("{}")
                    .build())
            .build();

    assertThat(usage.provider()).isEqualTo("openai");
    assertThat(usage.responseModel()).isEqualTo("gpt-5-mini-2025-08-07");
    assertThat(usage.source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(usage.extras()).containsExactly(Map.entry("web_search", 2L));
    assertThat(usage.details().finishReason()).isEqualTo("length");
    assertThat(usage.details().serviceTier()).isEqualTo("flex");
    assertThat(usage.details().responseId()).isEqualTo("resp-1");
  }

  @Test
  void keepsEveryDetail() {
    CallDetails details =
        new CallDetails(
            Duration.ofMillis(640),
            Duration.ofMillis(80),
            true,
            "stop",
            "resp",
            2,
            "timeout",
            "took too long",
            "priority",
            "fast",
            true,
            "eu",
            "{}",
            new RequestSettings(512L, 0.7, 0.95, 4L, "curl/8"));

    assertThat(aCall().details(details).build().details()).isEqualTo(details);
  }

  @Test
  void makesTheTextOfAnErrorStorable() {
    Usage usage = aCall().failed("boom", "a\0b\uD800" + "x".repeat(5_000)).build();

    assertThat(usage.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(usage.details().errorMessage()).startsWith("a\uFFFDb\uFFFD").hasSize(4_000);
  }

  @Test
  void namesTheErrorThatFailedTheCall() {
    Usage usage = aCall().failed(new IllegalStateException()).build();

    assertThat(usage.details().errorType()).isEqualTo("java.lang.IllegalStateException");
    assertThat(usage.details().errorMessage()).isEqualTo("IllegalStateException");
  }

  @Test
  void refusesNegativeDurationsAndAbsurdCosts() {
    assertThatThrownBy(() -> aCall().latency(Duration.ofMillis(-1)).build())
        .hasMessageContaining("latency");
    assertThatThrownBy(() -> aCall().cost(Cost.usd("1000000.01")).build())
        .hasMessageContaining("cost");
  }

  @Test
  void describesTheSameCallWhateverItsIdTimeAndComputedCost() {
    Usage one = aCall().user("alice").inputTokens(5).build();
    Usage other = aCall().at(NOON.plusSeconds(1)).user("alice").inputTokens(5).build();
    PricedCost priced = new PricedCost(Cost.usd("1"), "row");

    assertThat(one.withComputedCost(priced).describesSameCallAs(other)).isTrue();
    assertThat(one.describesSameCallAs(aCall().user("bob").inputTokens(5).build())).isFalse();
    assertThat(one.withAttribution(Attribution.NONE).describesSameCallAs(other)).isFalse();
  }

  /** faults C7. */
  @Test
  void anIdOfAnotherVersionSaysHowToMakeOne() {
    java.util.UUID random = java.util.UUID.fromString("b5f1c7a0-5b1c-4c1e-9a59-0f6d3c2b1a00");
    UsageBuilder call =
        new UsageBuilder(java.time.Instant.EPOCH, at -> random).id(random).model("m");

    org.assertj.core.api.Assertions.assertThatThrownBy(call::build)
        .hasMessageContaining("id must be a UUID of version 7, was of version 4: " + random)
        .hasMessageContaining("LlmAccounting.newId() makes one")
        .hasMessageNotContaining("occurredAt");
  }
}
