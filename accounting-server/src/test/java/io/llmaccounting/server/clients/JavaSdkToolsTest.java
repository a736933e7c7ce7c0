package io.llmaccounting.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolUseBlock;
import com.google.genai.Client;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Schema;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import io.llmaccounting.server.gateway.GatewayScene;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models that want tools called, through the gateway. */
class JavaSdkToolsTest extends GatewayScene {
  private OpenAIClient openAi() {
    return OpenAIOkHttpClient.builder().apiKey(KEY).baseUrl(at("/v1").toString()).build();
  }

  private AnthropicClient anthropic() {
    return AnthropicOkHttpClient.builder().apiKey(KEY).baseUrl(at("/anthropic").toString()).build();
  }

  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder()
        .model("gpt-5-mini")
        .addUserMessage("What time is it?")
        .addTool(
            ChatCompletionFunctionTool.builder()
                .function(
                    FunctionDefinition.builder()
                        .name("clock")
                        .parameters(
                            FunctionParameters.builder()
                                .putAdditionalProperty(
                                    "type", com.openai.core.JsonValue.from("object"))
                                .build())
                        .build())
                .build())
        .build();
  }

  private static MessageCreateParams message() {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(100)
        .addUserMessage("What time is it?")
        .addTool(
            Tool.builder()
                .name("clock")
                .inputSchema(
                    Tool.InputSchema.builder()
                        .properties(JsonValue.from(Map.of("zone", Map.of("type", "string"))))
                        .build())
                .build())
        .build();
  }

  private void isRecordedAndTheToolWasSent() {
    assertThat(sent()).contains("clock");
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record().tokens().total()).isEqualTo(62);
  }

  private static void wantsTheClock(ChatCompletion answer) {
    var calls = answer.choices().get(0).message().toolCalls().orElseThrow();
    assertThat(calls).hasSize(1);
    assertThat(calls.get(0).asFunction().function().name()).isEqualTo("clock");
    assertThat(calls.get(0).asFunction().function().arguments()).isEqualTo(ToolAnswers.ARGUMENTS);
  }

  @Test
  void openAiIsAskedForATool() {
    provider.answering(ToolAnswers.openAi());

    wantsTheClock(openAi().chat().completions().create(chat()));
    isRecordedAndTheToolWasSent();
  }

  @Test
  void openAiIsAskedForAToolInAStream() {
    provider.answering(ToolAnswers.openAiStream());
    ChatCompletionAccumulator all = ChatCompletionAccumulator.create();

    try (StreamResponse<ChatCompletionChunk> stream =
        openAi().chat().completions().createStreaming(chat())) {
      stream.stream().forEach(all::accumulate);
    }

    wantsTheClock(all.chatCompletion());
    isRecordedAndTheToolWasSent();
  }

  private static void wantsTheClock(Message answer) {
    ToolUseBlock use = answer.content().get(0).asToolUse();
    assertThat(use.name()).isEqualTo("clock");
    assertThat(use._input().toString()).contains("zone", "UTC");
  }

  @Test
  void anthropicIsAskedForATool() {
    provider.answering(ToolAnswers.anthropic());

    wantsTheClock(anthropic().messages().create(message()));
    isRecordedAndTheToolWasSent();
  }

  @Test
  void anthropicIsAskedForAToolInAStream() {
    provider.answering(ToolAnswers.anthropicStream());
    MessageAccumulator all = MessageAccumulator.create();

    try (var stream = anthropic().messages().createStreaming(message())) {
      stream.stream().forEach(all::accumulate);
    }

    wantsTheClock(all.message());
    isRecordedAndTheToolWasSent();
  }

  private Client gemini() {
    return Client.builder()
        .apiKey(KEY)
        .httpOptions(HttpOptions.builder().baseUrl(at("/gemini").toString()).build())
        .build();
  }

  private static GenerateContentConfig withClock() {
    FunctionDeclaration clock =
        FunctionDeclaration.builder()
            .name("clock")
            .parameters(Schema.builder().type("OBJECT").build())
            .build();
    return GenerateContentConfig.builder()
        .tools(com.google.genai.types.Tool.builder().functionDeclarations(List.of(clock)).build())
        .build();
  }

  private static void wantsTheClock(GenerateContentResponse answer) {
    FunctionCall call = answer.functionCalls().get(0);
    assertThat(call.name()).contains("clock");
    assertThat(call.args()).contains(Map.of("zone", "UTC"));
  }

  @Test
  void geminiIsAskedForATool() {
    provider.answering(ToolAnswers.gemini());

    try (Client client = gemini()) {
      wantsTheClock(
          client.models.generateContent("gemini-2.5-flash", "What time is it?", withClock()));
    }
    isRecordedAndTheToolWasSent();
  }

  @Test
  void geminiIsAskedForAToolInAStream() {
    provider.answering(ToolAnswers.geminiStream());

    try (Client client = gemini();
        var stream =
            client.models.generateContentStream(
                "gemini-2.5-flash", "What time is it?", withClock())) {
      wantsTheClock(stream.iterator().next());
      stream.iterator().forEachRemaining(piece -> {});
    }
    isRecordedAndTheToolWasSent();
  }
}
