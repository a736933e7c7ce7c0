package io.llmaccounting.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import org.junit.jupiter.api.Test;

/** The models for OpenAI's responses, which repeat nothing, and call no handler at an early end. */
class ResponsesTest extends Scene {
  private static final ProviderShape SHAPE = ProviderShape.OPENAI_RESPONSES;

  private ChatModel chat() {
    return MeteredChatModel.of(
        OpenAiResponsesChatModel.builder()
            .baseUrl(provider.uri().resolve("/v1").toString())
            .apiKey("none")
            .modelName(SHAPE.model())
            .build(),
        accounting);
  }

  private StreamingChatModel streaming(HttpClientBuilder http) {
    return MeteredStreamingChatModel.of(
        OpenAiResponsesStreamingChatModel.builder()
            .baseUrl(provider.uri().resolve("/v1").toString())
            .apiKey("none")
            .modelName(SHAPE.model())
            .httpClientBuilder(http)
            .build(),
        accounting);
  }

  private HeardStream hear(HttpClientBuilder http) throws Exception {
    HeardStream heard = new HeardStream();
    streaming(heard.hearing(http)).chat("Hello", heard);
    String piece = heard.next();
    while (piece != null) {
      piece = heard.next();
    }
    return heard;
  }

  private static void assertAnswer(Usage record, ModelAnswer answer) {
    assertThat(record.tokens()).isEqualTo(answer.tokens());
    assertThat(record.source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record.extras()).isEqualTo(answer.extras());
    assertThat(record.details().responseId()).isEqualTo(answer.responseId());
    assertThat(record.details().serviceTier()).isEqualTo(answer.serviceTier());
    assertThat(record.provider()).isEqualTo("openai");
  }

  @Test
  void aWholeAnswerIsReadFromTheRawOne() {
    chat().chat("Hello");

    assertAnswer(record(), UsageReader.create().read(SHAPE.answerText()).answer());
  }

  @Test
  void aStreamIsReadFromItsRawEvents() throws Exception {
    hear(new JdkHttpClientBuilder());

    assertAnswer(record(), UsageReader.create().read(SHAPE.streamText()).answer());
  }

  @Test
  void aStreamThatEndsEarlyIsRecordedAtOnceWhereTheHttpClientTells() throws Exception {
    FakeAnswer early = SHAPE.stream().endingBefore(SHAPE.textEvent() + 1);
    provider.answering(early);

    hear(TellingHttp.of(new JdkHttpClientBuilder()));

    assertThat(heard().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(heard().source()).isEqualTo(TokenSource.ESTIMATED);
  }
}
