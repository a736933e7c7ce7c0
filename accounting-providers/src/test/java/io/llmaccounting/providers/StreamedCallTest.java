package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is read from a stream ends up on the record, with its price. */
class StreamedCallTest {
  private final AnswerStream stream = UsageReader.create().stream();
  private LlmAccounting accounting;

  @BeforeEach
  void open() {
    ManualClock clock = ManualClock.create();
    accounting =
        LlmAccounting.builder(InMemoryBackend.create(clock))
            .clock(clock)
            .pricing(PriceCatalog.bundled())
            .build();
  }

  @AfterEach
  void close() {
    accounting.close();
  }

  /** Scenario 45. */
  @Test
  void recordsTheUsageOfTheLastChunkAndItsCost() {
    stream.feed(Golden.bytes("streams/openai-chat.sse"));
    try (LlmCall call = accounting.begin(CallRequest.to("gpt-5-mini"))) {
      call.succeeded(stream.finish().answer());
    }

    assertThat(recorded().tokens()).isEqualTo(new TokenUsage(7, 0, 0, 0, 0, 5, 0, 0, 12L));
    assertThat(recorded().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(recorded().responseModel()).isEqualTo("gpt-5-mini-2025-08-07");
    assertThat(recorded().cost()).contains(Cost.usd("0.00001175"));
    assertThat(recorded().computedCost().pricedBy()).isEqualTo("openai/gpt-5-mini");
  }

  /** Scenario 45. */
  @Test
  void recordsAStreamThatTellsNoTokensAsAnEstimate() {
    stream.feed(Golden.bytes("streams/openai-chat-without-usage.sse"));
    try (LlmCall call =
        accounting.begin(CallRequest.to("gpt-4o-mini").inputTokens(12).maxOutputTokens(34))) {
      call.succeeded(stream.finish().answer());
    }

    assertThat(recorded().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(recorded().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(recorded().tokens()).isEqualTo(TokenUsage.of(12, 34));
  }

  /** Scenario 45. */
  @Test
  void recordsWhatWasConsumedBeforeTheClientAborted() {
    String text = new String(Golden.bytes("streams/gemini.sse"), UTF_8);
    try (LlmCall call = accounting.begin(CallRequest.to("gemini-2.5-flash"))) {
      stream.feed(text.substring(0, text.indexOf("sunny")).getBytes(UTF_8));
      stream.tokensSoFar().ifPresent(call::progress);
      stream.abort();
      call.cancelled();
    }

    assertThat(recorded().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(recorded().source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(recorded().tokens()).isEqualTo(new TokenUsage(8, 0, 0, 0, 0, 4, 20, 0, 32L));
  }

  @Test
  @DisplayName("reading K4: a compaction is priced with its message")
  void pricesEveryInferenceOfAMessage() {
    record(
        "claude-opus-4-6",
        "{\"type\":\"message\",\"id\":\"msg_1\",\"model\":\"claude-opus-4-6\",\"usage\":"
            + "{\"input_tokens\":20000,\"output_tokens\":800,\"iterations\":[{\"type\":\"compaction\","
            + "\"input_tokens\":150000,\"output_tokens\":3000},{\"type\":\"message\","
            + "\"input_tokens\":20000,\"output_tokens\":800}]}}");
    assertThat(recorded().tokens()).isEqualTo(TokenUsage.of(170_000, 3_800));
    assertThat(recorded().cost()).contains(Cost.usd("0.945"));
  }

  @Test
  @DisplayName("reading K4: an advisor is a part of the record, with its model")
  void keepsAnAdvisorWithItsOwnModel() {
    record(
        "claude-sonnet-4-6",
        "{\"type\":\"message\",\"id\":\"msg_2\",\"model\":\"claude-sonnet-4-6\",\"usage\":"
            + "{\"input_tokens\":2000,\"output_tokens\":500,\"iterations\":[{\"type\":"
            + "\"advisor_message\",\"model\":\"claude-opus-4-6\",\"input_tokens\":5000,"
            + "\"output_tokens\":1000}]}}");
    assertThat(recorded().tokens()).isEqualTo(TokenUsage.of(7_000, 1_500));
    assertThat(recorded().parts())
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.model()).isEqualTo("claude-opus-4-6");
              assertThat(part.tokens()).isEqualTo(TokenUsage.of(5_000, 1_000));
            });
  }

  private void record(String model, String answer) {
    try (LlmCall call = accounting.begin(CallRequest.to(model))) {
      call.succeeded(UsageReader.create().read(answer).answer());
    }
  }

  private Usage recorded() {
    return accounting.tail().get(0).usage();
  }
}
