package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerStreamTest {
  static List<Golden> streams() {
    return Golden.STREAMS;
  }

  private final UsageReader reader = UsageReader.create();

  @ParameterizedTest
  @MethodSource("streams")
  void readsTheSameWhereverTheStreamIsCutInTwo(Golden golden) {
    byte[] bytes = golden.bytes();
    for (int cut = 0; cut <= bytes.length; cut++) {
      AnswerStream stream = reader.stream();
      stream.feed(bytes, 0, cut);
      stream.feed(bytes, cut, bytes.length - cut);

      assertThat(stream.finish()).as("cut at byte %d", cut).satisfies(golden::isIn);
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void readsTheSameByteByByte(Golden golden) {
    AnswerStream stream = reader.stream();
    for (byte b : golden.bytes()) {
      stream.feed(ByteBuffer.wrap(new byte[] {b}));
    }

    assertThat(stream.finish()).satisfies(golden::isIn);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void readsTheSameWithReturnsAsLineBreaks(Golden golden) {
    String text = new String(golden.bytes(), UTF_8).replace("\r\n", "\n");

    assertThat(reader.read(text.replace("\n", "\r\n"))).satisfies(golden::isIn);
    assertThat(reader.read(text.replace("\n", "\r"))).satisfies(golden::isIn);
    assertThat(reader.read("\uFEFF" + text)).satisfies(golden::isIn);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void neverTakesATruncatedStreamForComplete(Golden golden) {
    byte[] bytes = golden.bytes();
    int marker = endOfTerminalMarker(golden);
    for (int length = 0; length < marker; length++) {
      AnswerStream stream = reader.stream();
      stream.feed(bytes, 0, length);

      assertThat(stream.finish().answer().source())
          .as("cut after %d of %d bytes", length, bytes.length)
          .isNotEqualTo(TokenSource.REPORTED);
    }
    AnswerStream stream = reader.stream();
    stream.feed(bytes, 0, marker);
    assertThat(stream.finish().answer()).isEqualTo(golden.answer());
  }

  /** The last byte of the event that says that all is said. */
  private static int endOfTerminalMarker(Golden golden) {
    String text = new String(golden.bytes(), UTF_8);
    String marker =
        switch (golden.shape()) {
          case OPENAI_CHAT ->
              text.contains("\"total_tokens\":6}}") ? "\"total_tokens\":6}}" : usageEnd(text);
          case OPENAI_RESPONSES -> "\"total_tokens\":48}}}";
          case ANTHROPIC_MESSAGES -> "{\"type\":\"message_stop\"}";
          case GEMINI -> text.startsWith("[") ? "\"responseId\": \"r-4\"\n}" : "\"r-1\"}";
          case BEDROCK_CONVERSE -> "{\"latencyMs\":1275}}}";
          case COHERE_V2 -> "\"output_tokens\":11}}}}";
          default -> throw new IllegalArgumentException(golden.file());
        };
    int at = text.lastIndexOf(marker) + marker.length();
    return text.substring(0, at).getBytes(UTF_8).length;
  }

  /** Chat completions end with the usage that follows the end of all choices. */
  private static String usageEnd(String text) {
    String line =
        text.lines().filter(l -> l.contains("\"usage\":{")).reduce((a, b) -> b).orElseThrow();
    return line.substring(line.length() - Math.min(line.length(), 40));
  }

  /** Scenario 45. */
  @Test
  void readsTheUsageOfTheLastChunkHoweverTheEventsArePacked() {
    byte[] bytes = Golden.bytes("streams/openai-chat.sse");
    AnswerStream packed = reader.stream();
    AnswerStream loose = reader.stream();

    packed.feed(bytes);
    for (String event : events("streams/openai-chat.sse")) {
      loose.feed(event.getBytes(UTF_8));
    }

    ModelAnswer answer = packed.finish().answer();
    assertThat(answer.tokens()).isEqualTo(new TokenUsage(7, 0, 0, 0, 0, 5, 0, 0, 12L));
    assertThat(answer.source()).isEqualTo(TokenSource.REPORTED);
    assertThat(loose.finish().answer()).isEqualTo(answer);
  }

  /** Scenario 45. */
  @Test
  void tokensOfAStreamWithoutUsageAreUnknownAndNotZero() {
    ModelAnswer answer =
        reader.read(Golden.bytes("streams/openai-chat-without-usage.sse")).answer();

    assertThat(answer.source()).isEqualTo(TokenSource.MISSING);
    assertThat(answer.tokens()).isNull();
    assertThat(answer.finishReason()).isEqualTo("stop");
    assertThat(answer.responseModel()).isEqualTo("gpt-4o-mini-2024-07-18");
  }

  /** Scenario 45. */
  @Test
  void aStreamThatTheClientAbortsIsPartial() {
    AnswerStream stream = reader.stream();
    feedUntil(stream, "streams/anthropic-messages.sse", "\"output_tokens\":9}}\n\n");

    ReadAnswer read = stream.abort();

    assertThat(read.answer().source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(read.answer().tokens()).isEqualTo(new TokenUsage(25, 300, 100, 0, 0, 9, 0, 0, null));
    assertThat(read.shape()).isEqualTo(Shape.ANTHROPIC_MESSAGES);
  }

  @Test
  void anAbortBeforeAnyUsageIsMissing() {
    AnswerStream stream = reader.stream();
    feedUntil(stream, "streams/openai-chat.sse", "[DONE]\"}");

    assertThat(stream.abort().answer().source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void anAbortAfterTheTerminalMarkerChangesNothing() {
    Golden golden = Golden.STREAMS.get(0);
    AnswerStream stream = reader.stream();
    stream.feed(golden.bytes());

    assertThat(stream.abort().answer()).isEqualTo(golden.answer());
  }

  @Test
  void tellsOutputTokensWhileTheyRun() {
    List<Long> seen = new ArrayList<>();
    AnswerStream stream = reader.stream();
    for (String event : events("streams/gemini.sse")) {
      stream.outputTokensSoFar().ifPresent(seen::add);
      stream.feed(event.getBytes(UTF_8));
    }
    stream.outputTokensSoFar().ifPresent(seen::add);

    assertThat(seen).containsExactly(20L, 24L, 27L);
  }

  @Test
  void servesWhatAnSdkHandsOutEventByEvent() {
    AnswerStream stream = UsageReader.of(Shape.ANTHROPIC_MESSAGES).stream();
    for (String line : lines("streams/anthropic-messages.sse")) {
      if (line.startsWith("data: ")) {
        stream.feed((line.substring("data: ".length()) + "\n").getBytes(UTF_8));
      }
    }

    assertThat(stream.finish().answer()).isEqualTo(Golden.STREAMS.get(4).answer());
  }

  @Test
  void aStreamThatTurnsUnreadableStillGivesWhatWasReadBefore() {
    AnswerStream stream = reader.stream();
    feedUntil(stream, "streams/gemini.sse", "\"totalTokenCount\": 32}");
    byte[] garbage = "}}\n\ndata: x".getBytes(UTF_8);

    assertThatThrownBy(() -> stream.feed(garbage)).isInstanceOf(UnreadableAnswerException.class);
    assertThatThrownBy(() -> stream.feed(new byte[0]))
        .isInstanceOf(UnreadableAnswerException.class);

    assertThat(stream.finish().answer().source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(stream.finish().answer().tokens().output()).isEqualTo(24);
  }

  @Test
  void anEventThatEndsInTheMiddleOfItsJsonIsUnreadable() {
    AnswerStream stream = reader.stream();

    assertThatThrownBy(() -> stream.feed("data: {\"a\":\n\ndata: 1}\n\n".getBytes(UTF_8)))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasMessageContaining("ends in the middle of its JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"error\":{\"message\":\"overloaded\"}}\n\n",
        "data: {\"id\":\"a\",\"error\":{\"code\":\"server_error\"},\"choices\":[]}\n\n",
        "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"m\"}\n\n",
        "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"x\"}}}\n\n",
        "[{\"candidates\":[]},\n{\"error\":{\"code\":503}}]",
        "{\"error\":\"model not found\"}\n"
      })
  void tellsThatTheProviderReportsAnError(String text) {
    AnswerStream stream = reader.stream();

    stream.feed(text.getBytes(UTF_8));

    assertThat(stream.isFailed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"object\":\"response\",\"error\":null,\"status\":\"completed\"}",
        "{\"error\":\"\",\"choices\":[]}",
        "{\"error\":{},\"choices\":[]}",
        "{\"error\":{\"code\":null,\"message\":\"\"},\"choices\":[]}",
        "{\"choices\":[{\"message\":{\"content\":\"error\",\"error\":{\"code\":1}}}]}"
      })
  void takesNothingForAnErrorThatIsNone(String text) {
    AnswerStream stream = reader.stream();

    stream.feed(text.getBytes(UTF_8));

    assertThat(stream.isFailed()).isFalse();
  }

  @Test
  void takesNothingMoreOnceItHasEnded() {
    AnswerStream stream = reader.stream();
    stream.finish();

    assertThatThrownBy(() -> stream.feed(new byte[] {1})).isInstanceOf(IllegalStateException.class);
  }

  private static List<String> lines(String file) {
    return new String(Golden.bytes(file), UTF_8).lines().toList();
  }

  private static List<String> events(String file) {
    return lines(file).stream().filter(line -> !line.isEmpty()).map(line -> line + "\n\n").toList();
  }

  private static void feedUntil(AnswerStream stream, String file, String last) {
    byte[] bytes = Golden.bytes(file);
    String text = new String(bytes, UTF_8);
    int end = text.substring(0, text.indexOf(last) + last.length()).getBytes(UTF_8).length;
    stream.feed(Arrays.copyOf(bytes, end));
  }
}
