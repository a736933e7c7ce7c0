package io.llmaccounting.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.TokenSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who sees the usage of streamed chats. */
class StreamUsageTest extends Scene {
  private static List<ChatCompletionChunk> all(
      OpenAIClient client, ChatCompletionCreateParams params) {
    try (StreamResponse<ChatCompletionChunk> answer =
        client.chat().completions().createStreaming(params)) {
      return answer.stream().toList();
    }
  }

  private static ChatCompletionCreateParams asking(boolean usage) {
    return chat()
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(usage).build())
        .build();
  }

  @Test
  void isAskedForAndHiddenFromAnApplicationThatDoesNotAsk() {
    List<ChatCompletionChunk> expected = all(bare, chat().build());

    List<ChatCompletionChunk> chunks = all(client, chat().build());

    assertThat(sent()).contains("\"stream_options\":{\"include_usage\":true}");
    assertThat(chunks).isEqualTo(expected).allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void isShownToAnApplicationThatAsks() {
    List<ChatCompletionChunk> chunks = all(client, asking(true));

    assertThat(chunks.get(chunks.size() - 1).usage()).isPresent();
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void isNotAskedForWhereTheApplicationDeclines() {
    List<ChatCompletionChunk> unused = all(client, asking(false));

    assertThat(sent()).contains("\"stream_options\":{\"include_usage\":false}");
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void keepsTheOtherOptionsOfTheStream() {
    List<ChatCompletionChunk> unused =
        all(
            client,
            chat()
                .streamOptions(
                    ChatCompletionStreamOptions.builder().includeObfuscation(false).build())
                .build());

    assertThat(sent())
        .contains("\"stream_options\":{\"include_obfuscation\":false,\"include_usage\":true}");
  }

  @Test
  void canBeLeftUnasked() {
    OpenAIClient quiet = MeteredOpenAi.by(Tap.of(accounting)).withoutAskingForUsage().meter(bare);

    List<ChatCompletionChunk> unused = all(quiet, chat().build());

    assertThat(sent()).doesNotContain("stream_options");
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void isHiddenAlsoWhereTheStreamIsCutAtAnyByteAndItsLinesAreLong() {
    String longer = "y".repeat(200_000);
    FakeAnswer answer =
        ProviderShape.OPENAI_CHAT.stream(event -> event.replace("Grüße", longer)).inPiecesOf(7);
    provider.answering(answer);

    List<ChatCompletionChunk> chunks = all(client, chat().build());

    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.choices()).isNotEmpty());
    assertThat(chunks.get(1).choices().get(0).delta().content().orElseThrow()).contains(longer);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void isAskedForInCompletionsOfTextToo() {
    String chunk =
        "data: {\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":%s%s}\n\n";
    provider.answering(
        FakeAnswer.json(
                chunk.formatted(
                        "[{\"index\":0,\"text\":\"Hi\",\"logprobs\":null,\"finish_reason\":\"stop\"}]",
                        "")
                    + chunk.formatted(
                        "[]",
                        ",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}")
                    + "data: [DONE]\n\n")
            .header("Content-Type", "text/event-stream"));

    try (var answer =
        client
            .completions()
            .createStreaming(CompletionCreateParams.builder().model("m").prompt("Hello").build())) {
      assertThat(answer.stream().toList()).hasSize(1);
    }

    assertThat(sent()).contains("include_usage");
    assertThat(record().tokens().output()).isEqualTo(2);
  }
}
