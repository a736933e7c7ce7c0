package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("reading K12: histories")
class HistoryReaderTest implements HistoryListener {
  private static final String CHAT =
      """
      {"id":"chatcmpl-%s","object":"chat.completion","created":1754640000,"model":"gpt-4o-mini",\
      "choices":[{"index":0,"finish_reason":"stop","message":{"content":"}{\\"]"}}],\
      "usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}\
      """;

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
    told.add(line + " unreadable");
  }

  private long read(String file) throws IOException {
    return read(new ByteArrayInputStream(file.getBytes(UTF_8)));
  }

  private long read(InputStream file) throws IOException {
    return HistoryReader.of(UsageReader.create()).read(file, this);
  }

  private List<TokenUsage> tokens() {
    return answers.stream().map(past -> past.read().answer().tokens()).toList();
  }

  private List<TokenSource> sources() {
    return answers.stream().map(past -> past.read().answer().source()).toList();
  }

  @Test
  @DisplayName("reading K12: one message on several growing lines is one answer")
  void takesTheBestLineOfAGrowingMessage() throws IOException {
    long lines =
        read(
            """
            {"type":"user","message":{"role":"user","content":"Hi"},"timestamp":"2026-03-01T10:00:00Z"}
            {"type":"assistant","timestamp":"2026-03-01T10:00:01.500Z","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}
            {"type":"assistant","timestamp":"2026-03-01T10:00:02.500Z","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":40}}}
            {"type":"assistant","timestamp":"2026-03-01T10:00:03.500Z","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}
            not JSON
            """);

    assertThat(lines).isEqualTo(5);
    assertThat(told).containsExactly("1 has no usage", "3 repeated", "4 repeated", "5 unreadable");
    assertThat(tokens()).containsExactly(new TokenUsage(10, 90, 0, 0, 0, 40, 0, 0, null));
    assertThat(sources()).containsExactly(TokenSource.REPORTED);
    assertThat(answers.get(0).key()).isEqualTo("msg_1");
    assertThat(answers.get(0).line()).isEqualTo(3);
    assertThat(answers.get(0).read().createdAt())
        .as("its first line stays the first however it grows")
        .isEqualTo(Instant.parse("2026-03-01T10:00:01.500Z"));
  }

  @Test
  void aMessageWhoseEndIsNotToldIsALowerBound() throws IOException {
    read(
        """
        {"type":"assistant","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}
        {"type":"assistant","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":null,"usage":{"input_tokens":10,"output_tokens":8}}}
        """);

    assertThat(tokens()).containsExactly(TokenUsage.of(10, 8));
    assertThat(sources()).containsExactly(TokenSource.PARTIAL);
  }

  @Test
  void noticesAndSumsOfClaudeCodeAreNoCalls() throws IOException {
    read(
        """
        {"type":"system","subtype":"init","session_id":"s","model":"claude-opus-4-6"}
        {"type":"assistant","session_id":"s","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":8}}}
        {"type":"assistant","isApiErrorMessage":true,"message":{"id":"x","type":"message","model":"<synthetic>","stop_reason":"stop_sequence","usage":{"input_tokens":0,"output_tokens":0}}}
        {"type":"result","session_id":"s","uuid":"u","usage":{"input_tokens":10,"output_tokens":8,"cache_read_input_tokens":0}}
        """);

    assertThat(tokens()).containsExactly(TokenUsage.of(10, 8));
    assertThat(told)
        .containsExactly(
            "1 has no usage",
            "3 is a notice of Claude Code itself",
            "4 sums up the lines before it");
  }

  @Test
  @DisplayName("reading K12: result files of batches, and the time at which an answer was made")
  void readsResultsOfBatches() throws IOException {
    read(
        """
        {"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"body":{"id":"chatcmpl-1","object":"chat.completion","created":1754640000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}},"error":null}

        {"custom_id":"b","result":{"type":"succeeded","message":{"id":"msg_2","type":"message","model":"claude-opus-4-6","usage":{"input_tokens":3,"output_tokens":2}}}}
        {"custom_id":"c","result":{"type":"errored","error":{"type":"overloaded"}}}
        {"custom_id":"d","result":{"type":"expired"}}
        {"id":"batch_req_3","custom_id":"e","response":{"status_code":400,"body":{"error":{"message":"no"}}},"error":null}
        {"id":"batch_req_4","custom_id":"f","response":null,"error":{"code":"batch_expired","message":"late"}}
        {"id":"batch_req_5","custom_id":"g","response":{"status_code":200,"body":{"object":"list","data":[{"object":"embedding","embedding":[0.1]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":9,"total_tokens":9}}},"error":null}
        """);

    assertThat(answers)
        .extracting(past -> past.read().answer().batch())
        .containsExactly(true, true, true);
    assertThat(answers.get(0).read().createdAt()).isEqualTo(Instant.ofEpochSecond(1_754_640_000));
    assertThat(tokens())
        .extracting(TokenUsage::input, TokenUsage::output)
        .containsExactly(tuple(7L, 5L), tuple(3L, 2L), tuple(9L, 0L));
    assertThat(answers)
        .extracting(PastAnswer::key)
        .containsExactly("chatcmpl-1", "msg_2", "batch_req_5");
    assertThat(told)
        .containsExactly(
            "4 is a request of a batch that errored",
            "5 is a request of a batch that expired",
            "6 is a request of a batch that failed with status 400",
            "7 is an error, batch_expired");
  }

  @Test
  @DisplayName("reading K12: turns of codex exec --json report what the thread has used so far")
  void readsTurnsOfCodex() throws IOException {
    read(
        """
        {"type":"thread.started","thread_id":"t1"}
        {"type":"turn.started"}
        {"type":"turn.completed","usage":{"input_tokens":1000,"cached_input_tokens":900,"output_tokens":50}}
        {"type":"turn.completed","usage":{"input_tokens":2500,"cached_input_tokens":1900,"output_tokens":80}}
        """);

    assertThat(tokens())
        .containsExactly(
            new TokenUsage(100, 900, 0, 0, 0, 50, 0, 0, null),
            new TokenUsage(500, 1000, 0, 0, 0, 30, 0, 0, null));
    assertThat(sources()).containsOnly(TokenSource.REPORTED);
    assertThat(answers).extracting(PastAnswer::key).containsExactly("t1/1", "t1/2");
  }

  @Test
  @DisplayName("reading K12: session files of Codex report totals, and some of them twice")
  void readsSessionsOfCodex() throws IOException {
    String count =
        """
        {"timestamp":"2026-03-01T10:00:0%d.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":%d,"cached_input_tokens":%d,"output_tokens":%d,"reasoning_output_tokens":%d,"total_tokens":1},"last_token_usage":{"input_tokens":%d,"cached_input_tokens":0,"output_tokens":5,"reasoning_output_tokens":0}},"rate_limits":{}}}
        """;
    read(
        """
        {"timestamp":"2026-03-01T10:00:00.000Z","type":"session_meta","payload":{"id":"s1","model_provider":"openai"}}
        {"timestamp":"2026-03-01T10:00:00.000Z","type":"turn_context","payload":{"model":"gpt-5-codex"}}
        {"timestamp":"2026-03-01T10:00:00.000Z","type":"event_msg","payload":{"type":"token_count","info":null}}
        """
            + count.formatted(1, 100, 40, 20, 5, 100)
            + count.formatted(2, 100, 40, 20, 5, 100)
            + count.formatted(3, 350, 140, 50, 5, 250)
            + count.formatted(4, 30, 0, 5, 0, 30));

    assertThat(tokens())
        .containsExactly(
            new TokenUsage(100, 0, 0, 0, 0, 5, 0, 0, null),
            new TokenUsage(150, 100, 0, 0, 0, 30, 0, 0, null),
            new TokenUsage(30, 0, 0, 0, 0, 5, 0, 0, null));
    assertThat(told).hasSize(4).contains("5 repeats the totals before it");
    assertThat(answers.get(1).read().answer().responseModel()).isEqualTo("gpt-5-codex");
    assertThat(answers.get(1).read().createdAt()).isEqualTo(Instant.parse("2026-03-01T10:00:03Z"));
  }

  @Test
  void sessionsOfCodexMayTellCacheWritesAndTheLastCallAlone() throws IOException {
    read(
        """
        {"timestamp":"2026-07-29T23:59:50Z","type":"session_meta","payload":{"id":"s1"}}
        {"timestamp":"2026-07-30T00:00:05Z","type":"event_msg","payload":{"type":"token_count","info":{"model":"gpt-5.6-terra","last_token_usage":{"input_tokens":100,"cached_input_tokens":20,"cache_write_input_tokens":10,"output_tokens":5,"reasoning_output_tokens":3,"total_tokens":105}}}}
        """);

    assertThat(tokens()).containsExactly(new TokenUsage(70, 20, 10, 0, 0, 2, 3, 0, null));
    assertThat(answers.get(0).read().answer().responseModel()).isEqualTo("gpt-5.6-terra");
    assertThat(answers.get(0).key()).isEqualTo("s1/1");
  }

  @Test
  void readsLinesArraysAndObjectsOverSeveralLines() throws IOException {
    String one = CHAT.formatted(1);
    String two = CHAT.formatted(2);
    String tall = one.replace(",\"", ",\n \"") + "\n" + two.replace(",\"", ",\n \"");
    for (String file :
        List.of(
            one + "\n" + two,
            "\uFEFF" + one + "\r\n\r\n" + two + "\n",
            "[" + one + "," + two + "]",
            "[\n" + one + ",\n" + two + "\n]\n",
            tall)) {
      answers.clear();
      read(file);
      assertThat(answers).extracting(PastAnswer::key).containsExactly("chatcmpl-1", "chatcmpl-2");
      assertThat(sources()).containsOnly(TokenSource.REPORTED);
      assertThat(told).isEmpty();
    }
    assertThat(answers.get(1).line()).isEqualTo(one.split(",\"").length + 1L);
  }

  @Test
  void readsCompressedFiles() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write((CHAT.formatted(1) + "\n").repeat(3).getBytes(UTF_8));
    }

    assertThat(read(new ByteArrayInputStream(bytes.toByteArray()))).isEqualTo(3);

    assertThat(answers).hasSize(3);
  }

  @Test
  void aBrokenLineCostsNoOther() throws IOException {
    read(CHAT.formatted(1) + "\n{\"id\":\"chatcmpl-2\",\n" + CHAT.formatted(3) + "\n");

    assertThat(answers).extracting(PastAnswer::key).containsExactly("chatcmpl-1", "chatcmpl-3");
    assertThat(told).containsExactly("2 unreadable");
  }

  @Test
  void aStreamThatWasKeptPieceByPieceIsOneAnswer() throws IOException {
    read(
        """
        {"type":"message_start","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","usage":{"input_tokens":10,"output_tokens":1}}}
        {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":8}}
        {"type":"message_stop"}
        {"type":"message_start","message":{"id":"msg_2","type":"message","model":"claude-opus-4-6","usage":{"input_tokens":11,"output_tokens":1}}}
        {"model":"llama3","created_at":"2026-03-01T10:00:00Z","response":"a","done":false}
        {"model":"llama3","created_at":"2026-03-01T10:00:01Z","response":"","done":true,"done_reason":"stop","prompt_eval_count":4,"eval_count":2}
        """);

    assertThat(tokens())
        .containsExactly(TokenUsage.of(10, 8), TokenUsage.of(11, 1), TokenUsage.of(4, 2));
    assertThat(sources())
        .containsExactly(TokenSource.REPORTED, TokenSource.PARTIAL, TokenSource.REPORTED);
    assertThat(told).isEmpty();
  }

  @Test
  void anArrayOfGeminisPiecesIsOneAnswer() throws IOException {
    String piece =
        """
        {"candidates":[{"index":0,"content":{"parts":[{"text":"a"}]}%s}],"modelVersion":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":%d,"totalTokenCount":%d}}\
        """;
    read(
        "["
            + piece.formatted("", 2, 12)
            + ",\n"
            + piece.formatted(",\"finishReason\":\"STOP\"", 5, 15)
            + "]");

    assertThat(answers).hasSize(1);
    assertThat(tokens().get(0).total()).isEqualTo(15);
    assertThat(sources()).containsExactly(TokenSource.REPORTED);
  }
}
