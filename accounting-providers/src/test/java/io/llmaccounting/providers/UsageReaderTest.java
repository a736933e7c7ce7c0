package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReaderTest {
  private final UsageReader reader = UsageReader.create();

  static Stream<Golden> goldens() {
    return Stream.concat(Golden.ANSWERS.stream(), Golden.STREAMS.stream());
  }

  static List<Golden> answers() {
    return Golden.ANSWERS;
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void readsEveryDocumentedAnswerByRecognisingIt(Golden golden) throws IOException {

    assertThat(reader.read(golden.bytes())).satisfies(golden::isIn);
    assertThat(reader.read(new String(golden.bytes(), UTF_8))).satisfies(golden::isIn);
    assertThat(reader.read(new ByteArrayInputStream(golden.bytes()))).satisfies(golden::isIn);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void readsEveryDocumentedAnswerWhenToldItsShape(Golden golden) {
    ReadAnswer read = UsageReader.of(golden.shape()).read(golden.bytes());

    assertThat(read).satisfies(golden::isIn);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void takesAWholeAnswerWhereAStreamWasExpected(Golden golden) {
    AnswerStream stream = reader.stream();
    for (byte b : golden.bytes()) {
      stream.feed(new byte[] {b});
    }

    assertThat(stream.finish()).satisfies(golden::isIn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}",
        "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}"
      })
  void aSinglePieceOfAStreamIsNoWholeAnswer(String piece) {
    assertThat(reader.read(piece).answer().source()).isEqualTo(TokenSource.PARTIAL);
  }

  @Test
  void reportsTheProviderThatItWasTold() {
    ReadAnswer read = reader.provider("mistral_ai").read(Golden.bytes("answers/mistral.json"));

    assertThat(read.answer().provider()).isEqualTo("mistral_ai");
  }

  @Test
  void givesEqualPartsWhetherCachedTokensWereCountedInsideOrBesideInput() {
    String inside =
        """
        {"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":50,
          "prompt_tokens_details":{"cached_tokens":600,"cache_write_tokens":300},
          "completion_tokens_details":{"reasoning_tokens":20}}}\
        """;
    String beside =
        """
        {"type":"message","usage":{"input_tokens":100,"cache_read_input_tokens":600,
          "cache_creation_input_tokens":300,"output_tokens":50,
          "output_tokens_details":{"thinking_tokens":20}}}\
        """;

    assertThat(tokens(inside)).isEqualTo(tokens(beside));
    assertThat(tokens(inside)).isEqualTo(new TokenUsage(100, 600, 300, 0, 0, 30, 20, 0, null));
  }

  @Test
  void addsReasoningThatXaiCountsBesideTheCompletion() {
    String withoutTotal =
        """
        {"model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":9,
          "completion_tokens_details":{"reasoning_tokens":94}}}\
        """;

    TokenUsage tokens = reader.provider("x_ai").read(withoutTotal).answer().tokens();

    assertThat(tokens).isEqualTo(new TokenUsage(1, 0, 0, 0, 0, 9, 94, 0, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"}}],\"usage\":null}",
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"}}]}",
        "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]}",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}]}",
        "{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}",
        "{}",
        "{\"usage\":{\"widgets\":7}}"
      })
  void takesMissingUsageAsMissingAndNeverAsZero(String answer) {
    assertThat(reader.read(answer).answer().source()).isEqualTo(TokenSource.MISSING);
    assertThat(reader.read(answer).answer().tokens()).isNull();
  }

  @Test
  void takesZerosBesideContentAsMissing() {
    ModelAnswer answer = reader.read(Golden.bytes("streams/openai-chat-zeros.sse")).answer();

    assertThat(answer.source()).isEqualTo(TokenSource.MISSING);
    assertThat(answer.rawUsage())
        .isEqualTo("{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}");
  }

  @Test
  void keepsTheRawUsageWherePartsDoNotAddUpToTheReportedTotal() {
    ModelAnswer answer =
        reader
            .read(
                """
                {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":99,
                  "note":"é","list":[1,{"a":2.5}]}}\
                """)
            .answer();

    assertThat(answer.source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(answer.tokens()).isEqualTo(new TokenUsage(10, 0, 0, 0, 0, 5, 0, 0, 99L));
    assertThat(answer.rawUsage())
        .isEqualToIgnoringCase(
            "{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":99,"
                + "\"note\":\"\\u00E9\",\"list\":[1,{\"a\":2.5}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":11}}",
        "{\"prompt_tokens\":10,\"completion_tokens\":5,\"completion_tokens_details\":{\"reasoning_tokens\":6}}",
        "{\"prompt_tokens\":-1,\"completion_tokens\":5}",
        "{\"prompt_tokens\":1.5,\"completion_tokens\":5}",
        "{\"prompt_tokens\":\"10\",\"completion_tokens\":5}",
        "{\"prompt_tokens\":1e999999999,\"completion_tokens\":5}",
        "{\"prompt_tokens\":1e-999999999,\"completion_tokens\":5}",
        "{\"prompt_tokens\":99999999999999999999,\"completion_tokens\":5}",
        "{\"prompt_tokens\":1000000000001,\"completion_tokens\":5}"
      })
  void takesImpossibleFiguresAsMissingAndKeepsTheRawUsage(String usage) {
    ModelAnswer answer = reader.read("{\"choices\":[],\"usage\":" + usage + "}").answer();

    assertThat(answer.source()).isEqualTo(TokenSource.MISSING);
    assertThat(answer.rawUsage()).isNotNull();
  }

  @Test
  void readsWholeNumbersWrittenAsDecimals() {
    assertThat(
            tokens(
                "{\"message\":{},\"usage\":{\"billed_units\":{\"input_tokens\":5.0,\"output_tokens\":4.18e2}}}"))
        .isEqualTo(TokenUsage.of(5, 418));
  }

  @Test
  void leavesOutNamesThatNoRecordCouldHold() {
    ModelAnswer answer =
        reader
            .read(
                """
                {"id":"%s","model":" spaced ","choices":[{"index":0,"finish_reason":"\\u0000"}],
                 "usage":{"prompt_tokens":1,"completion_tokens":1}}\
                """
                    .formatted("x".repeat(256)))
            .answer();

    assertThat(answer.responseId()).isNull();
    assertThat(answer.responseModel()).isEqualTo("spaced");
    assertThat(answer.finishReason()).isNull();
    assertThat(answer.source()).isEqualTo(TokenSource.REPORTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", "hello", "<html></html>", "{\"a\":", "{\"a\":1", "{]", "{\"a\" 1}"})
  void refusesWhatIsNoAnswer(String text) {
    assertThatThrownBy(() -> reader.read(text))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasMessageContaining("ModelAnswer.withoutUsage()")
        .hasMessageContaining("byte " + text.length());
  }

  private TokenUsage tokens(String answer) {
    return reader.read(answer).answer().tokens();
  }
}
