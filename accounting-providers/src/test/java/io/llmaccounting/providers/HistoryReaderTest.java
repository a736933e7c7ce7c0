package io.llmaccounting.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HistoryReaderTest {
  private final List<ReadAnswer> answers = new ArrayList<>();

  @Test
  @DisplayName("reading K12: one message on several growing lines is one answer")
  void takesTheLastLineOfAGrowingMessage() throws IOException {
    HistoryReader.Outcome outcome =
        read(
            """
            {"type":"user","message":{"role":"user","content":"Hi"},"timestamp":"2026-03-01T10:00:00Z"}
            {"type":"assistant","timestamp":"2026-03-01T10:00:01.500Z","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}
            {"type":"assistant","timestamp":"2026-03-01T10:00:02.500Z","message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":40}}}
            not JSON
            """);

    assertThat(outcome).isEqualTo(new HistoryReader.Outcome(1, 1, 1));
    assertThat(answers.get(0).answer().tokens())
        .isEqualTo(new TokenUsage(10, 90, 0, 0, 0, 40, 0, 0, null));
    assertThat(answers.get(0).answer().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(answers.get(0).answer().responseId()).isEqualTo("msg_1");
    assertThat(answers.get(0).createdAt()).isEqualTo(Instant.parse("2026-03-01T10:00:02.500Z"));
  }

  @Test
  @DisplayName("reading K12: result files of batches, and the time at which an answer was made")
  void readsResultsOfBatches() throws IOException {
    HistoryReader.Outcome outcome =
        read(
            """
            {"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"body":{"id":"chatcmpl-1","object":"chat.completion","created":1754640000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}},"error":null}

            {"custom_id":"b","result":{"type":"succeeded","message":{"id":"msg_2","type":"message","model":"claude-opus-4-6","usage":{"input_tokens":3,"output_tokens":2}}}}
            {"custom_id":"c","result":{"type":"errored","error":{"type":"overloaded"}}}
            """);

    assertThat(outcome).isEqualTo(new HistoryReader.Outcome(2, 1, 0));
    assertThat(answers).extracting(read -> read.answer().batch()).containsExactly(true, true);
    assertThat(answers.get(0).createdAt()).isEqualTo(Instant.ofEpochSecond(1_754_640_000));
    assertThat(answers.get(1).answer().tokens()).isEqualTo(TokenUsage.of(3, 2));
  }

  @Test
  @DisplayName("reading K12: turns of codex exec --json")
  void readsTurnsOfCodex() throws IOException {
    read(
        """
        {"type":"thread.started","thread_id":"t1"}
        {"type":"turn.started"}
        {"type":"turn.completed","usage":{"input_tokens":1000,"cached_input_tokens":900,"output_tokens":50}}
        """);

    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).answer().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(answers.get(0).answer().tokens())
        .isEqualTo(new TokenUsage(100, 900, 0, 0, 0, 50, 0, 0, null));
    assertThat(answers.get(0).unread()).isEmpty();
  }

  private HistoryReader.Outcome read(String file) throws IOException {
    return HistoryReader.of(UsageReader.create())
        .read(new ByteArrayInputStream(file.getBytes(UTF_8)), answers::add);
  }
}
