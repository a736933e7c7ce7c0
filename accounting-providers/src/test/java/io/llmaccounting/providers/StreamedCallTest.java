package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmCall;
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
  void recordsUnknownTokensAsUnknownAndTheCallAsSucceeded() {
    stream.feed(Golden.bytes("streams/openai-chat-without-usage.sse"));
    try (LlmCall call = accounting.begin(CallRequest.to("gpt-4o-mini"))) {
      call.succeeded(stream.finish().answer());
    }

    assertThat(recorded().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(recorded().source()).isEqualTo(TokenSource.MISSING);
    assertThat(recorded().tokens()).isNull();
    assertThat(recorded().cost()).isEmpty();
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

  private Usage recorded() {
    return accounting.tail().get(0).usage();
  }
}
