package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.tap.contract.AdapterScene;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.tool.annotation.Tool;

/** A provider and an accounting in memory, and an answer that asks for a tool. */
abstract class Scene extends AdapterScene {
  static final Question QUESTION = Question.of("What is the answer?");

  static final Attribution LOOP = Attribution.NONE.withUser("alice").withSession("loop");

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
  static class Tools {
    @Tool(description = "Tells the answer")
    String answer() {
      return "42";
    }
  }

  final ChatModel openAi() {
    return Providers.OPENAI.chat(provider.uri(), QUESTION);
  }

  final ChatModel metered() {
    return MeteredChatModel.of(openAi(), accounting);
  }

  static FakeAnswer toolCall() {
    return FakeAnswer.json(TOOL_CALL);
  }

  static FakeAnswer streamedToolCall() {
    AtomicBoolean first = new AtomicBoolean(true);
    return ProviderShape.OPENAI_CHAT.stream()
        .edited(piece -> first.getAndSet(false) ? STREAMED_TOOL_CALL : "");
  }

  static CallContext.Scope session() {
    return CallContext.of(LOOP).open();
  }

  /** Lets so many calls through. */
  final void allow(int calls) {
    accounting.limits().save(Limit.named("few").requests(calls).rolling(Duration.ofDays(1)));
  }

  final List<Long> inputs() {
    return records().stream().map(call -> call.tokens().input()).sorted().toList();
  }

  final List<String> sessions() {
    return records().stream().map((Usage call) -> call.attribution().session()).toList();
  }
}
