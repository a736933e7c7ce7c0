package io.llmaccounting.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Services with tools: each turn of their loop is a call of whoever asked. */
class AiServiceTest extends Scene {
  private static final String TOOL_CALL =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1754640000,"model":"gpt-5-mini-2025-08-07",
       "choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"answer","arguments":"{}"}}]},
        "finish_reason":"tool_calls"}],
       "usage":{"prompt_tokens":50,"completion_tokens":7,"total_tokens":57}}
      """;
  private static final String STREAMED_TOOL_CALL =
      """
      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1754640000,"model":"gpt-5-mini-2025-08-07","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"answer","arguments":"{}"}}]},"finish_reason":null}]}

      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1754640000,"model":"gpt-5-mini-2025-08-07","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1754640000,"model":"gpt-5-mini-2025-08-07","choices":[],"usage":{"prompt_tokens":50,"completion_tokens":7,"total_tokens":57}}

      data: [DONE]

      """;

  /** What a model is offered. */
  static final class Tools {
    @Tool("Tells the answer")
    public String answer() {
      return "42";
    }
  }

  interface Assistant {
    Result<String> ask(String question);
  }

  interface StreamingAssistant {
    TokenStream ask(String question);
  }

  private Assistant assistant() {
    return AiServices.builder(Assistant.class).chatModel(metered()).tools(new Tools()).build();
  }

  private StreamingAssistant streamingAssistant() {
    return AiServices.builder(StreamingAssistant.class)
        .streamingChatModel(streaming())
        .tools(new Tools())
        .build();
  }

  private static FakeAnswer streamedToolCall() {
    AtomicBoolean first = new AtomicBoolean(true);
    return ProviderShape.OPENAI_CHAT.stream()
        .edited(piece -> first.getAndSet(false) ? STREAMED_TOOL_CALL : "");
  }

  private static CallContext.Scope session() {
    return CallContext.of(Attribution.NONE.withUser("alice").withSession("loop")).open();
  }

  @Test
  void eachTurnIsARecordOfOneSession() {
    provider.answering(FakeAnswer.json(TOOL_CALL));
    try (CallContext.Scope scope = session()) {
      Result<String> result = assistant().ask("What is the answer?");

      assertThat(result.tokenUsage().inputTokenCount()).isEqualTo(50 + 9_126);
    }

    assertThat(provider.count()).isEqualTo(2);
    assertThat(records())
        .extracting(call -> call.tokens().input())
        .containsExactlyInAnyOrder(50L, 9_126L);
    assertThat(records())
        .allSatisfy(
            call ->
                assertThat(call.attribution())
                    .isEqualTo(Attribution.NONE.withUser("alice").withSession("loop")));
  }

  @Test
  void eachTurnThatIsStreamedIsARecordOfOneSession() throws Exception {
    provider.answering(streamedToolCall());
    CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
    StreamingAssistant assistant = streamingAssistant();
    try (CallContext.Scope scope = session()) {
      assistant
          .ask("What is the answer?")
          .onPartialResponse(piece -> {})
          .onCompleteResponse(complete::complete)
          .onError(complete::completeExceptionally)
          .start();
    }

    assertThat(complete.get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(records())
        .extracting(call -> call.tokens().input())
        .containsExactlyInAnyOrder(50L, 7L);
    assertThat(records())
        .extracting((Usage call) -> call.attribution().session())
        .containsOnly("loop");
  }

  @Test
  void aTurnThatIsDeniedEndsTheLoopWithTheDenialItself() {
    accounting.limits().save(Limit.named("one").requests(1).rolling(Duration.ofDays(1)));
    provider.answering(FakeAnswer.json(TOOL_CALL));
    Assistant assistant = assistant();

    assertThatThrownBy(() -> assistant.ask("What is the answer?"))
        .isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isEqualTo(1);
    assertThat(records()).hasSize(1);
  }

  @Test
  void aStreamedTurnThatIsDeniedIsToldToTheErrorHandler() throws Exception {
    accounting.limits().save(Limit.named("one").requests(1).rolling(Duration.ofDays(1)));
    provider.answering(streamedToolCall());
    CompletableFuture<Throwable> told = new CompletableFuture<>();

    streamingAssistant()
        .ask("What is the answer?")
        .onPartialResponse(piece -> {})
        .onCompleteResponse(response -> told.complete(new AssertionError("it was not denied")))
        .onError(told::complete)
        .start();

    assertThat(told.get(20, TimeUnit.SECONDS)).isExactlyInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isEqualTo(1);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }
}
