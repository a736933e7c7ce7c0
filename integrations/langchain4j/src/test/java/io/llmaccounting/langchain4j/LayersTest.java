package io.llmaccounting.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.http.MeteredHttpClient;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.tap.internal.Underway;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;

/** Layers below a metered model: one record, as exact as the layer next to the network. */
class LayersTest extends Scene {
  /** LangChain4j builds the client of the JDK itself: this builder's is metered. */
  private HttpClientBuilder meteredBelow() {
    HttpClient.Builder builder = HttpClient.newBuilder();
    return new JdkHttpClientBuilder()
        .httpClientBuilder(
            (HttpClient.Builder)
                Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {HttpClient.Builder.class},
                    (proxy, method, arguments) -> {
                      Object made = method.invoke(builder, arguments);
                      return made instanceof HttpClient client
                          ? MeteredHttpClient.of(client, accounting)
                          : proxy;
                    }));
  }

  private static AppClient.Settings settings(HttpClientBuilder http) {
    return new AppClient.Settings(Question.of("Hello").retries(2), http);
  }

  private static TokenUsage tokensOf(String answer) {
    return UsageReader.create().read(answer).answer().tokens();
  }

  @Test
  void aMeteredHttpClientBelowAddsWhatLangChain4jLeavesOutAndAttempts() {
    provider.answering(FakeAnswer.tooMany(0));
    ChatModel model =
        MeteredChatModel.of(
            Models.GEMINI.chat(provider.uri(), settings(meteredBelow())), accounting);

    model.chat("Hello");

    Usage record = record();
    assertThat(record.tokens()).isEqualTo(tokensOf(ProviderShape.GEMINI.answerText()));
    assertThat(record.tokens().audioInput()).isPositive();
    assertThat(record.details().attempts()).isEqualTo(2);
  }

  @Test
  void aMeteredHttpClientBelowAStreamLeavesOneRecord() throws Exception {
    for (Models models : Models.values()) {
      HeardStream heard = new HeardStream();
      MeteredStreamingChatModel.of(
              models.streaming(provider.uri(), settings(heard.hearing(meteredBelow()))), accounting)
          .chat("Hello", heard);
      String piece = heard.next();
      while (piece != null) {
        piece = heard.next();
      }
    }

    assertThat(provider.count()).isEqualTo(3);
    assertThat(records())
        .extracting(Usage::tokens)
        .containsExactlyInAnyOrder(
            tokensOf(ProviderShape.OPENAI_CHAT.streamText()),
            tokensOf(ProviderShape.ANTHROPIC_MESSAGES.streamText()),
            tokensOf(ProviderShape.GEMINI.streamText()));
    assertThat(contained).isEmpty();
  }

  @Test
  void anHttpClientThatTellsKeepsOutOfWhatIsCalledUnmetered() {
    ChatModel inner =
        Models.OPENAI.chat(provider.uri(), settings(TellingHttp.of(new JdkHttpClientBuilder())));
    ChatModel looksUp =
        new ChatModel() {
          @Override
          public ChatResponse doChat(ChatRequest request) {
            try (CallContext.Scope off = CallContext.unmetered().open()) {
              String unused = inner.chat("What was said before?");
            }
            return ChatResponse.builder()
                .aiMessage(dev.langchain4j.data.message.AiMessage.from("Hi"))
                .tokenUsage(new dev.langchain4j.model.output.TokenUsage(3, 2))
                .build();
          }
        };

    MeteredChatModel.of(looksUp, accounting).chat("Hello");

    assertThat(record().tokens().total()).isEqualTo(5);
    assertThat(record().details().attempts()).isNull();
  }

  @Test
  void anHttpClientThatTellsPassesWhereNobodyMeters() throws Exception {
    HttpClientBuilder http = TellingHttp.of(new JdkHttpClientBuilder());

    String text = Models.OPENAI.chat(provider.uri(), settings(http)).chat("Hello");

    assertThat(text).isNotBlank();
    assertThat(records()).isEmpty();
    assertThat(Underway.current()).isEmpty();
  }

  @Test
  void nothingOfACallStaysOnItsThread() {
    metered().chat("Hello");

    assertThat(CallContext.current().call()).isEmpty();
    assertThat(Underway.current()).isEmpty();
  }
}
