package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.openai.MeteredOpenAi;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.TokenUsage;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.setup.OpenAiSetup;

/**
 * Layers around models of Spring AI 2.0, which ask by the provider's SDK: advisors, inside of the
 * loop with tools, metered models, a metered SDK below.
 */
class LayersTest extends Scene {
  private ChatModel overMeteredSdk() {
    String url = provider.uri().resolve("/v1").toString();
    Duration patience = Duration.ofSeconds(30);
    return OpenAiChatModel.builder()
        .openAiClient(
            MeteredOpenAi.of(
                OpenAiSetup.setupSyncClient(
                    url,
                    "none",
                    null,
                    null,
                    null,
                    null,
                    false,
                    false,
                    null,
                    patience,
                    2,
                    null,
                    null,
                    ObservationRegistry.NOOP,
                    null,
                    List.of()),
                accounting))
        .openAiClientAsync(
            MeteredOpenAi.of(
                OpenAiSetup.setupAsyncClient(
                    url,
                    "none",
                    null,
                    null,
                    null,
                    null,
                    false,
                    false,
                    null,
                    patience,
                    2,
                    null,
                    null,
                    ObservationRegistry.NOOP,
                    null,
                    List.of()),
                accounting))
        .options(OpenAiChatOptions.builder().model("gpt-5-mini").build())
        .build();
  }

  private ChatModel metered(ChatModel model) {
    return MeteredChatModel.of(model, accounting);
  }

  private static ChatClient.ChatClientRequestSpec ask(ChatClient client) {
    return client
        .prompt()
        .options(Providers.OPENAI.clientOptions(QUESTION))
        .user(QUESTION.text())
        .tools(new Tools());
  }

  private static TokenUsage tokensOf(String answer) {
    return UsageReader.create().read(answer).answer().tokens();
  }

  @Test
  void aMeteredSdkBelowAddsWhatSpringAiLeavesOutAndAttempts() {
    provider.answering(FakeAnswer.tooMany(0));
    OpenAiChatOptions options = OpenAiChatOptions.builder().model("gpt-5-mini").build();

    ChatResponse unused = metered(overMeteredSdk()).call(new Prompt("Hello", options));

    assertThat(record().tokens()).isEqualTo(tokensOf(ProviderShape.OPENAI_CHAT.answerText()));
    assertThat(record().details().serviceTier()).isEqualTo("flex");
    assertThat(record().details().attempts()).isEqualTo(2);
  }

  @Test
  void aMeteredSdkBelowAStreamLeavesOneRecord() {
    metered(overMeteredSdk()).stream(new Prompt("Hello", Providers.OPENAI.options(QUESTION)))
        .blockLast();

    assertThat(record().tokens()).isEqualTo(tokensOf(ProviderShape.OPENAI_CHAT.streamText()));
    assertThat(record().details().serviceTier()).isEqualTo("default");
  }

  @Test
  void aLoopOverAMeteredSdkLeavesARecordOfEachTurn() {
    provider.answering(toolCall());
    ChatClient client =
        ChatClient.builder(metered(overMeteredSdk()))
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .build();

    String unused = ask(client).call().content();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(50L, 9_126L);
  }

  @Test
  void aStreamedLoopOverAMeteredSdkLeavesARecordOfEachTurn() {
    provider.answering(streamedToolCall());
    ChatClient client =
        ChatClient.builder(metered(overMeteredSdk()))
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .build();

    List<String> unused = ask(client).stream().content().collectList().block();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(7L, 50L);
  }

  @Test
  void advisorsAloneRecordEachTurnAndNeverTheSum() {
    provider.answering(toolCall());
    ChatClient client =
        ChatClient.builder(openAi()).defaultAdvisors(MeteredAdvisors.of(accounting)).build();

    var response = ask(client).call().chatResponse();

    assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(9_176);
    assertThat(inputs()).containsExactly(50L, 9_126L);
  }

  @Test
  void advisorsAloneRecordEachStreamedTurnOfTheSession() {
    provider.answering(streamedToolCall());
    ChatClient client =
        ChatClient.builder(openAi()).defaultAdvisors(MeteredAdvisors.of(accounting)).build();

    try (var scope = session()) {
      List<String> unused = ask(client).stream().content().collectList().block();
    }

    assertThat(inputs()).containsExactly(7L, 50L);
    assertThat(sessions()).containsExactly("loop", "loop");
  }
}
