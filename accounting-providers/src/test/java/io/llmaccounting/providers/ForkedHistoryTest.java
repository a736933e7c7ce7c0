package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.TokenUsage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that repeat others, hold several answers, end too soon or are of another form. */
@DisplayName("reading K12: histories that are not what they seem")
class ForkedHistoryTest implements HistoryListener {
  private static final String FORKED = ",\"forked_from_id\":\"parent\"";
  private static final String SPAWNED =
      ",\"source\":{\"subagent\":{\"thread_spawn\":{\"parent_thread_id\":\"parent\"}}}";

  private final List<PastAnswer> answers = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  @Override
  public void answer(PastAnswer answer) {
    answers.add(answer);
  }

  @Override
  public void skipped(long line, String reason) {
    told.add(line + " " + reason);
  }

  @Override
  public void repeated(long line) {
    told.add(line + " repeated");
  }

  @Override
  public void unreadable(long line, String problem) {
    told.add(line + " " + problem);
  }

  private void read(byte[] file) throws IOException {
    HistoryReader.of(UsageReader.create()).read(new ByteArrayInputStream(file), this);
  }

  private void read(String file) throws IOException {
    read(file.getBytes(UTF_8));
  }

  private static String meta(String second, String id, String more) {
    return """
    {"timestamp":"2026-08-01T05:00:%sZ","type":"session_meta","payload":{"id":"%s"%s}}
    """
        .formatted(second, id, more);
  }

  private static String count(String second, int input, int output) {
    return """
    {"timestamp":"2026-08-01T05:00:%1$sZ","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":%2$d,"output_tokens":%3$d},"last_token_usage":{"input_tokens":%2$d,"output_tokens":%3$d}}}}
    """
        .formatted(second, input, output);
  }

  // github.com/ccusage/ccusage/issues/1370: metas of the ancestors and all they used, dated anew
  @ParameterizedTest
  @DisplayName("reading K12: what a forked session of Codex repeats does not count again")
  @ValueSource(strings = {FORKED, SPAWNED, ""})
  void whatAForkRepeatsDoesNotCountAgain(String mark) throws IOException {
    read(
        meta("00.000", "child", mark)
            + meta("00.000", "parent", "")
            + count("00.001", 100, 10)
            + count("00.900", 250, 20)
            + count("01.800", 300, 30)
            + count("07.000", 420, 35)
            + count("07.400", 430, 37));

    assertThat(answers)
        .extracting(past -> past.read().answer().tokens())
        .containsExactly(TokenUsage.of(120, 5), TokenUsage.of(10, 2));
    assertThat(answers).extracting(PastAnswer::key).containsExactly("child/1", "child/2");
    assertThat(told)
        .filteredOn(text -> text.endsWith(CodexFork.COPIED))
        .extracting(text -> text.charAt(0))
        .containsExactly('3', '4', '5');
  }

  @Test
  void aSessionThatWasNotForkedCountsFromItsFirstLine() throws IOException {
    read(meta("00.000", "s", "") + count("00.200", 100, 10) + count("00.400", 150, 20));
    read(meta("00.000", "t", FORKED) + count("09.000", 100, 10));

    assertThat(answers).extracting(PastAnswer::key).containsExactly("s/1", "s/2", "t/1");
    assertThat(told).noneMatch(text -> text.contains("copied"));
  }

  @Test
  void aFileOfSeveralSessionsCountsEach() throws IOException {
    read(
        meta("00.000", "s", "")
            + count("00.200", 100, 10)
            + meta("00.300", "t", "")
            + count("00.400", 150, 20));

    assertThat(answers).extracting(PastAnswer::key).containsExactly("s/1", "t/1");
    assertThat(answers.get(1).read().answer().tokens()).isEqualTo(TokenUsage.of(150, 20));
  }

  // platform.openai.com/docs/api-reference/realtime-server-events, response.done
  @Test
  @DisplayName("reading K12: the ends of several realtime answers are several answers")
  void endsOfSeveralAnswersAreSeveral() throws IOException {
    String done =
        """
        {"type":"response.done","event_id":"e%1$d","response":{"object":"realtime.response","id":"resp_%1$d","status":"completed","output":[],"usage":{"total_tokens":%1$d2,"input_tokens":%1$d0,"output_tokens":2}}}
        """;
    read(done.formatted(1) + done.formatted(2) + done.formatted(3));

    assertThat(answers)
        .extracting(past -> past.read().answer().tokens().input())
        .containsExactly(10L, 20L, 30L);
    assertThat(answers).extracting(PastAnswer::key).containsExactly("resp_1", "resp_2", "resp_3");
  }

  @Test
  @DisplayName("reading K12: a compressed file that ends too soon keeps what came before")
  void aFileThatEndsTooSoonKeepsWhatCameBefore() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes, 512, true)) {
      out.write((meta("00.000", "s", "") + count("01.000", 100, 10)).getBytes(UTF_8));
      out.flush();
      out.write(count("02.000", 200, 20).getBytes(UTF_8));
    }
    byte[] whole = bytes.toByteArray();

    read(Arrays.copyOf(whole, whole.length - 12));

    assertThat(answers.get(0).read().answer().tokens()).isEqualTo(TokenUsage.of(100, 10));
    assertThat(told.get(told.size() - 1)).contains("cut or damaged");
  }

  @ParameterizedTest
  @DisplayName("reading K12: a file of another form is told what to do with it")
  @CsvSource({
    "28b52ffd00, zstd -d",
    "fd377a585a0000, xz -d",
    "425a6839, bzip2 -d",
    "504b030414, unpack",
    "fffe7b00, UTF-8",
    "feff007b, UTF-8"
  })
  void aFileOfAnotherFormIsToldApart(String bytes, String advice) throws IOException {
    read(java.util.HexFormat.of().parseHex(bytes));

    assertThat(told).singleElement().asString().startsWith("1 ").contains(advice);
    assertThat(answers).isEmpty();
  }
}
