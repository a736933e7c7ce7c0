package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.http.MeteredHttpClient;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.net.http.HttpClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.ToolCallAdvisor;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Layers around models of Spring AI 1.1, which loop inside of themselves: advisors, metered models,
 * a metered HTTP client below.
 */
class LayersTest extends Scene {
  private ChatModel overMeteredHttp(Providers models, Question question) {
    HttpClient http = MeteredHttpClient.of(HttpClient.newHttpClient(), accounting);
    return models.chat(provider.uri(), question, http);
  }

  private static ChatClient.ChatClientRequestSpec ask(ChatClient client) {
    return client
        .prompt()
        .options(Providers.OPENAI.options(QUESTION))
        .user(QUESTION.text())
        .tools(new Tools());
  }

  private static TokenUsage tokensOf(String answer) {
    return UsageReader.create().read(answer).answer().tokens();
  }

  @ParameterizedTest
  @EnumSource
  void aMeteredHttpClientBelowAddsWhatSpringAiLeavesOutAndAttempts(Providers models) {
    provider.answering(FakeAnswer.tooMany(0));
    Question question = QUESTION.retries(2);
    ChatModel model = MeteredChatModel.of(overMeteredHttp(models, question), accounting);

    ChatResponse unused = model.call(new Prompt("Hello", models.options(question)));

    Usage record = record();
    assertThat(record.tokens()).isEqualTo(tokensOf(models.shape().answerText()));
    assertThat(record.details().serviceTier()).isNotNull();
    assertThat(record.details().attempts()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void aMeteredHttpClientBelowAStreamLeavesOneRecord(Providers models) {
    ChatModel model = MeteredChatModel.of(overMeteredHttp(models, QUESTION), accounting);

    model.stream(new Prompt("Hello", models.options(QUESTION))).blockLast();

    assertThat(record().tokens()).isEqualTo(tokensOf(models.shape().streamText()));
  }

  @Test
  void aLoopOverAMeteredHttpClientLeavesARecordOfEachTurn() {
    provider.answering(toolCall());
    ChatClient client =
        ChatClient.builder(
                MeteredChatModel.of(overMeteredHttp(Providers.OPENAI, QUESTION), accounting))
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .build();

    String unused = ask(client).call().content();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(50L, 9_126L);
    assertThat(records()).allSatisfy(call -> assertThat(call.details().attempts()).isEqualTo(1));
  }

  @Test
  void aStreamedLoopOverAMeteredHttpClientLeavesARecordOfEachTurn() {
    provider.answering(streamedToolCall());
    ChatClient client =
        ChatClient.builder(
                MeteredChatModel.of(overMeteredHttp(Providers.OPENAI, QUESTION), accounting))
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .build();

    List<String> unused = ask(client).stream().content().collectList().block();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(7L, 50L);
  }

  @Test
  void advisorsAboveAModelThatIsNotMeteredRecordTheSumOfItsLoopOnce() {
    provider.answering(toolCall());
    ChatClient client =
        ChatClient.builder(overMeteredHttp(Providers.OPENAI, QUESTION))
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .build();

    String unused = ask(client).call().content();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(50L + 9_126L);
  }

  @Test
  void advisorsAboveAModelThatIsNotMeteredRecordTheSumOfAStreamedLoopOnce() {
    provider.answering(streamedToolCall());
    ChatClient client =
        ChatClient.builder(openAi()).defaultAdvisors(MeteredAdvisors.of(accounting)).build();

    List<String> unused = ask(client).stream().content().collectList().block();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(50L + 7L);
  }

  @Test
  void withTheToolAdvisorOf11EachTurnIsARecordOfTheAdvisorsInside() {
    provider.answering(toolCall());
    ChatClient client =
        ChatClient.builder(openAi())
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .defaultAdvisors(ToolCallAdvisor.builder().build())
            .build();

    String unused = ask(client).call().content();

    assertThat(inputs()).containsExactly(50L, 9_126L);
  }

  @Test
  void withTheToolAdvisorOf11ATurnThatIsDeniedIsNotSent() {
    allow(1);
    provider.answering(toolCall());
    ChatClient client =
        ChatClient.builder(openAi())
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .defaultAdvisors(ToolCallAdvisor.builder().build())
            .build();

    assertThatThrownBy(() -> ask(client).call().content())
        .isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isEqualTo(1);
  }

  @Test
  void usageIsAskedForInAStreamAndItsPieceKeptFromWhoDidNotAsk() {
    Prompt prompt = new Prompt("Hello", Providers.OPENAI.options(QUESTION));
    List<ChatResponse> bare = openAi().stream(prompt).collectList().block();
    assertThat(sent()).doesNotContain("include_usage");

    List<ChatResponse> metered = metered().stream(prompt).collectList().block();

    assertThat(sent()).contains("\"include_usage\":true");
    assertThat(metered).hasSameSizeAs(bare).noneMatch(piece -> piece.getResults().isEmpty());
    assertThat(record().tokens()).isEqualTo(tokensOf(ProviderShape.OPENAI_CHAT.streamText()));
  }
}
