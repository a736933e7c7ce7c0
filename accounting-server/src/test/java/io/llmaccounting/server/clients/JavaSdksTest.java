package io.llmaccounting.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.server.gateway.GatewayScene;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JavaSdksTest extends GatewayScene {
  private OpenAIClient openAi(String key) {
    return OpenAIOkHttpClient.builder().apiKey(key).baseUrl(at("/v1").toString()).build();
  }

  private AnthropicClient anthropic() {
    return AnthropicOkHttpClient.builder().apiKey(KEY).baseUrl(at("/anthropic").toString()).build();
  }

  private Client gemini() {
    return Client.builder()
        .apiKey(KEY)
        .httpOptions(HttpOptions.builder().baseUrl(at("/gemini").toString()).build())
        .build();
  }

  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder()
        .model("gpt-5-mini")
        .maxCompletionTokens(100)
        .addUserMessage("Hi")
        .build();
  }

  private static MessageCreateParams messages() {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(100)
        .addUserMessage("Hi")
        .build();
  }

  private void isRecordedAsReported() {
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record().tokens().total()).isPositive();
    assertThat(record().attribution().user()).isEqualTo("alice");
  }

  @Test
  void openAiAsksForACompletion() {
    assertThat(openAi(KEY).chat().completions().create(chat()).choices()).isNotEmpty();
    isRecordedAsReported();
  }

  @Test
  void openAiStreamsACompletionWithoutTheChunkThatItDidNotAskFor() {
    try (StreamResponse<ChatCompletionChunk> stream =
        openAi(KEY).chat().completions().createStreaming(chat())) {
      assertThat(stream.stream()).allMatch(chunk -> !chunk.choices().isEmpty());
    }
    isRecordedAsReported();
  }

  @Test
  void openAiAsksForAResponse() {
    ResponseCreateParams params =
        ResponseCreateParams.builder().model("gpt-5").maxOutputTokens(100).input("Hi").build();
    assertThat(openAi(KEY).responses().create(params).output()).isNotEmpty();
    isRecordedAsReported();
  }

  @Test
  void openAiAsksForEmbeddings() {
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Hi").build();
    assertThat(openAi(KEY).embeddings().create(params).data()).isNotEmpty();
    isRecordedAsReported();
  }

  @Test
  void openAiIsToldOfADenialOnceAndOfAKeyThatNobodyHas() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));

    assertThat(catchThrowable(() -> openAi(KEY).chat().completions().create(chat())))
        .isInstanceOf(RateLimitException.class)
        .hasMessageContaining("none");
    assertThat(catchThrowable(() -> openAi("sk-acc-other").chat().completions().create(chat())))
        .isInstanceOf(UnauthorizedException.class);
    assertThat(provider.count()).isZero();
  }

  @Test
  void openAiGivesAStreamUp() throws Exception {
    Gate gate = new Gate();
    provider.answering(
        ProviderShape.OPENAI_CHAT.stream()
            .waitingBefore(ProviderShape.OPENAI_CHAT.textEvent() + 1, gate));

    try (StreamResponse<ChatCompletionChunk> stream =
        openAi(KEY).chat().completions().createStreaming(chat())) {
      assertThat(stream.stream().findFirst()).isPresent();
    }

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    gate.open();
  }

  @Test
  void anthropicAsksForAMessage() {
    assertThat(anthropic().messages().create(messages()).content()).isNotEmpty();
    isRecordedAsReported();
  }

  @Test
  void anthropicStreamsAMessage() {
    try (var stream = anthropic().messages().createStreaming(messages())) {
      assertThat(stream.stream().count()).isPositive();
    }
    isRecordedAsReported();
  }

  @Test
  void anthropicGivesAStreamUp() throws Exception {
    Gate gate = new Gate();
    provider.answering(
        ProviderShape.ANTHROPIC_MESSAGES.stream()
            .waitingBefore(ProviderShape.ANTHROPIC_MESSAGES.textEvent() + 1, gate));

    try (var stream = anthropic().messages().createStreaming(messages())) {
      assertThat(stream.stream().findFirst()).isPresent();
    }

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    gate.open();
  }

  @Test
  void anthropicIsToldOfADenial() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));

    assertThat(catchThrowable(() -> anthropic().messages().create(messages())))
        .isInstanceOf(com.anthropic.errors.RateLimitException.class)
        .hasMessageContaining("none");
  }

  @Test
  void geminiAsksForContent() {
    try (Client client = gemini()) {
      GenerateContentResponse response =
          client.models.generateContent(
              "gemini-2.5-flash",
              "Hi",
              GenerateContentConfig.builder().maxOutputTokens(100).build());
      assertThat(response.text()).isNotBlank();
    }
    isRecordedAsReported();
  }

  @Test
  void geminiStreamsContent() {
    try (Client client = gemini();
        var stream =
            client.models.generateContentStream(
                "gemini-2.5-flash", "Hi", GenerateContentConfig.builder().build())) {
      assertThat(stream.iterator().next().text()).isNotNull();
      stream.iterator().forEachRemaining(piece -> {});
    }
    isRecordedAsReported();
  }

  @Test
  void geminiGivesAStreamUp() throws Exception {
    Gate gate = new Gate();
    provider.answering(ProviderShape.GEMINI.stream().waitingBefore(1, gate));

    try (Client client = gemini();
        var stream =
            client.models.generateContentStream(
                "gemini-2.5-flash", "Hi", GenerateContentConfig.builder().build())) {
      assertThat(stream.iterator().next()).isNotNull();
    }

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    gate.open();
  }

  @Test
  void geminiIsToldOfADenial() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));

    try (Client client = gemini()) {
      assertThat(
              catchThrowable(
                  () ->
                      client.models.generateContent(
                          "gemini-2.5-flash", "Hi", GenerateContentConfig.builder().build())))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("none");
    }
  }
}
