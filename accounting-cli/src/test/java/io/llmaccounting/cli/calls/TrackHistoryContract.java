package io.llmaccounting.cli.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Json;
import io.llmaccounting.cli.testing.Ran;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code track --from} of what was answered long ago. */
@DisplayName("reading K12: importing history")
abstract class TrackHistoryContract extends CommandContract {
  // 2025-06-01, when o3 cost five times of what it costs today
  private static final String ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1748772000,"model":"o3",\
      "choices":[{"index":0,"finish_reason":"stop","message":{"content":"Hi."}}],\
      "usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}
      """;

  private static final String LINE =
      """
      {"type":"assistant","timestamp":"2026-02-01T10:00:0%d.000Z","requestId":"r",\
      "message":{"id":"msg_1","type":"message","model":"claude-opus-4-6","stop_reason":%s,\
      "usage":{"input_tokens":1000,"output_tokens":%d}}}
      """;

  private Ran tracked(String lines, String... options) {
    String[] command = joined(List.of("--format", "json", "track", "--from", "-"), options);
    return runWith(lines, command).exits(Exit.DONE);
  }

  private void limit(String name, String... window) {
    done(joined(List.of("limits", "set", name, "--max", "100", "--metric", "cost"), window));
  }

  private static String[] joined(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private Object used(String limit) {
    return json("limits", "status", limit).objects().get(0).get("used");
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> exported() {
    return (Map<String, Object>) Json.parse(done("export").lines().get(1));
  }

  @Test
  @DisplayName("reading K11: answers of every form are told from lines of calls")
  void answersOfEveryFormAreRecorded() {
    String file =
        """
        {"pages":[],"model":"mistral-ocr-latest","usage_info":{"pages_processed":2}}
        {"recordId":"CALL1","modelInput":{},"modelOutput":{"id":"msg_bdrk_1","type":"message","model":"claude-3-haiku-20240307","stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":5}}}
        {"generation":"x","prompt_token_count":7,"generation_token_count":5,"stop_reason":"stop"}
        {"inputTextTokenCount":7,"results":[{"tokenCount":5,"outputText":"x","completionReason":"FINISH"}]}
        {"model":"all-minilm","embeddings":[[0.1]],"prompt_eval_count":7}
        {"lc":1,"kwargs":{"usage_metadata":{"input_tokens":7,"output_tokens":5,"total_tokens":12}}}
        {"text":"x","finishReason":"stop","totalUsage":{"inputTokens":7,"outputTokens":5,"totalTokens":12}}
        {"modelName":"m","tokenUsage":{"inputTokenCount":7,"outputTokenCount":5,"totalTokenCount":12}}
        {"llm_output":{"token_usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}}
        """;

    assertThat(tracked(file, "--model", "m").object())
        .contains(entry("recorded", 9L), entry("failed", 0L));
    assertThat(json("stats").object()).contains(entry("missing", 0L));
  }

  @Test
  void anAnswerHasTheTimeAndThePriceOfItsDayAndTouchesNoLimitOfToday() {
    limit("day", "--rolling", "1d");
    limit("month", "--calendar", "month");
    limit("ever", "--lifetime");

    assertThat(tracked(ANSWER, "--provider", "openai").object()).containsEntry("recorded", 1L);

    assertThat(used("ever")).isEqualTo("0.014");
    assertThat(used("day")).isEqualTo("0.00");
    assertThat(used("month")).isEqualTo("0.00");
    assertThat(exported())
        .contains(
            entry("at", "2025-06-01T10:00:00Z"),
            entry("charged_at", "2025-06-01T10:00:00Z"),
            entry("key", "chatcmpl-1"));
  }

  @Test
  void anOptionSaysWhenItWas() {
    tracked(ANSWER, "--provider", "openai", "--at", "2026-02-01T10:00:00Z");

    assertThat(exported()).containsEntry("at", "2026-02-01T10:00:00Z");
  }

  @Test
  void aFileThatIsReadAgainCountsOnceUnlessItIsAskedFor() {
    tracked(ANSWER);
    clock.advance(Duration.ofDays(1));

    assertThat(tracked(ANSWER).object()).contains(entry("recorded", 0L), entry("duplicates", 1L));
    assertThat(tracked(ANSWER, "--no-key-from-answer").object())
        .contains(entry("recorded", 1L), entry("duplicates", 0L));
  }

  @Test
  void anotherAnswerUnderTheSameIdIsSaidAndNotSwallowed() {
    String other = ANSWER.replace("1000,", "2000,").replace("1100}", "2100}");

    Ran ran = runWith(ANSWER + other, "--format", "json", "track", "--from", "-");

    ran.exits(Exit.FAILED).says("line 2", "inputTokens 2000, stored 1000");
    assertThat(ran.object()).contains(entry("recorded", 1L), entry("failed", 1L));
  }

  @Test
  void aMessageThatGrewSinceSupersedesWhatWasReadBefore() {
    String first = LINE.formatted(1, "null", 1);
    String grown = first + LINE.formatted(2, "\"end_turn\"", 400);

    assertThat(tracked(first).object()).containsEntry("recorded", 1L);
    assertThat(tracked(grown).object())
        .contains(entry("recorded", 0L), entry("superseded", 1L), entry("duplicates", 1L));
    assertThat(tracked(grown).object())
        .contains(entry("recorded", 0L), entry("superseded", 0L), entry("duplicates", 2L));

    limit("ever", "--lifetime");
    assertThat(used("ever")).isEqualTo("0.015");
  }

  @Test
  void batchesCostHalfAndTheirErrorsAreTold() {
    String lines =
        """
        {"custom_id":"a","result":{"type":"succeeded","message":{"id":"msg_2","type":"message","model":"claude-opus-4-6","stop_reason":"end_turn","usage":{"input_tokens":1000,"output_tokens":400}}}}
        {"custom_id":"b","result":{"type":"errored","error":{"type":"error","error":{"type":"overloaded_error"}}}}
        {"custom_id":"c","result":{"type":"errored","error":{"type":"error","error":{"type":"overloaded_error"}}}}
        """;
    Ran ran = tracked(lines);

    assertThat(ran.object())
        .isEqualTo(
            Map.of(
                "recorded", 1L,
                "superseded", 0L,
                "duplicates", 0L,
                "skipped", 2L,
                "failed", 0L,
                "lines", 3L));
    ran.says(
        "2 skipped: is a request of a batch that errored (lines 2, 3)",
        "answers that do not say when they were made, dated now: 1");
    assertThat(exported()).contains(entry("computed_cost", "0.0075"), entry("batch", true));
  }

  @Test
  void sessionsOfCodexAreTakenApart() {
    String lines =
        """
        {"timestamp":"2026-02-01T10:00:00.000Z","type":"session_meta","payload":{"id":"s1"}}
        {"timestamp":"2026-02-01T10:00:00.000Z","type":"turn_context","payload":{"model":"gpt-5-codex"}}
        {"timestamp":"2026-02-01T10:00:01.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":1000,"cached_input_tokens":0,"output_tokens":100}}}}
        {"timestamp":"2026-02-01T10:00:02.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":3000,"cached_input_tokens":1000,"output_tokens":300}}}}
        """;

    assertThat(tracked(lines).object())
        .contains(entry("recorded", 2L), entry("skipped", 2L), entry("lines", 4L));
    assertThat(tracked(lines).object()).contains(entry("recorded", 0L), entry("duplicates", 2L));

    Map<String, Object> total = json("stats").object();
    assertThat(total).contains(entry("calls", 2L), entry("total_tokens", 3300L));
  }

  @Test
  @DisplayName("reading K2: keys of usage that are not known are told")
  void keysThatAreNotUnderstoodAreTold() {
    Ran ran = tracked(ANSWER.replace("\"total_tokens\"", "\"moon_tokens\":7,\"total_tokens\""));

    ran.says("1 answers have usage under a key that is not known: moon_tokens (line 1)");
  }

  @Test
  @DisplayName("reading K4: parts of an answer keep their prices also where it is recorded alone")
  void partsKeepTheirPrices() {
    String advised =
        """
        {"id":"msg_7","type":"message","model":"claude-sonnet-4-6","stop_reason":"end_turn","usage":{"input_tokens":2000,"output_tokens":500,"iterations":[{"type":"message","input_tokens":2000,"output_tokens":500},{"type":"advisor_message","model":"claude-opus-4-6","input_tokens":5000,"output_tokens":1000}]}}
        """;

    tracked(advised);

    assertThat(exported()).containsEntry("computed_cost", "0.0635");
    assertThat(exported().get("parts").toString()).contains("0.05", "priced_by");
  }

  @Test
  @DisplayName("reading K5: a regional host is told by an option")
  void aRegionIsTold() {
    tracked(ANSWER.replace("\"o3\"", "\"gpt-5.4\""), "--provider", "openai", "--region", "eu");

    assertThat(exported()).contains(entry("region", "eu"), entry("computed_cost", "0.0044"));
  }
}
