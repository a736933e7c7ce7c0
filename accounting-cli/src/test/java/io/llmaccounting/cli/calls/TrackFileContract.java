package io.llmaccounting.cli.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code track --from}. */
abstract class TrackFileContract extends CommandContract {
  private static final String ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-5-mini-2025-08-07",\
      "choices":[{"index":0,"finish_reason":"stop","message":{"content":"Hi."}}],\
      "usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110,\
      "prompt_tokens_details":{"cached_tokens":40}}}
      """;

  private void count(String metric) {
    done("limits", "set", "all", "--max", "1000000000", "--metric", metric, "--lifetime");
  }

  private Object used() {
    return json("limits", "status", "all").objects().get(0).get("used");
  }

  private static Map<String, Object> counts(
      long recorded, long duplicates, long failed, long lines) {
    return all(recorded, 0L, duplicates, 0L, failed, lines);
  }

  private static Map<String, Object> all(Long... counts) {
    String[] names = {"recorded", "superseded", "duplicates", "skipped", "failed", "lines"};
    Map<String, Object> all = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      all.put(names[i], counts[i]);
    }
    return all;
  }

  @Test
  void recordsEveryLine() {
    count("cost");
    write(
        "calls.jsonl",
        """
        {"id":"a","at":"2026-03-01T10:00:00Z","model":"m","provider":"openai","input_tokens":10,\
        "cache_read_tokens":4,"output_tokens":5,"reasoning_tokens":2,"cost":"0.25","user":"u",\
        "project":"p","caller":"c","session":"s","tags":{"k":"v"}}

        {"model":"m","cost":0.5}
        """);

    assertThat(json("track", "--from", "calls.jsonl").object()).isEqualTo(counts(2, 0, 0, 3));

    assertThat(used()).isEqualTo("0.75");
  }

  @Test
  void printsCountsInAllFormats() {
    assertThat(runWith("{\"model\":\"m\"}", "--format", "csv", "track", "--from", "-").out())
        .isEqualTo("recorded,duplicates,failed,superseded,skipped,lines\n1,0,0,0,0,1\n");
    assertThat(runWith("{\"model\":\"m\"}", "track", "--from", "-").lines())
        .containsExactly(
            "recorded    1",
            "duplicates  0",
            "failed      0",
            "superseded  0",
            "skipped     0",
            "lines       1");
  }

  @Test
  void reportsBadLinesByNumberAndRecordsTheRest() {
    count("requests");
    String lines =
        """
        {"model":"m","id":"1"}
        no json
        {"model":"m","id":"3","input_tokens":-5}
        {"id":"4"}
        {"model":"m","id":"5","colour":"red"}
        {"model":"m","id":"6","at":"2026-03-01T10:00:00Z","input_tokens":1}
        {"model":"m","id":"6","at":"2026-03-01T10:00:00Z","input_tokens":1,"cost":"1"}
        {"model":"m","id":"8","at":"2036-03-01T10:00:00Z"}
        {"model":"m","id":"9","cost":"1.0000000001"}
        {"model":"m","id":"10"}
        """;

    Ran ran = runWith(lines, "--format", "json", "track", "--from", "-").exits(Exit.FAILED);

    assertThat(ran.object()).isEqualTo(counts(3, 0, 7, 10));
    assertThat(ran.err().lines())
        .extracting(line -> line.substring(0, line.indexOf(':')))
        .containsExactlyInAnyOrder(
            "line 2", "line 3", "line 4", "line 5", "line 7", "line 8", "line 9");
    assertThat(used()).isEqualTo(3L);
  }

  @Test
  void countsOnceWhenReadTwice() {
    count("requests");
    String lines =
        """
        {"model":"m","id":"1"}
        {"model":"m","id":"2","at":"2026-03-01T10:00:00Z"}
        """;
    runWith(lines, "track", "--from", "-").exits(Exit.DONE);
    clock.advance(Duration.ofMinutes(5));

    Ran again = runWith(lines, "--format", "json", "track", "--from", "-").exits(Exit.DONE);

    assertThat(again.object()).isEqualTo(counts(0, 2, 0, 2));
    assertThat(used()).isEqualTo(2L);
  }

  @Test
  void optionsFillInWhatLinesLeaveOut() {
    done(
        "limits",
        "set",
        "all",
        "--max",
        "9",
        "--metric",
        "requests",
        "--lifetime",
        "--user",
        "a",
        "--provider",
        "x",
        "--tag",
        "k=v");
    String lines = "{\"input_tokens\":1}\n{\"user\":\"b\",\"model\":\"other\"}\n";

    runWith(
            lines,
            "track",
            "--from",
            "-",
            "--model",
            "m",
            "--user",
            "a",
            "--provider",
            "x",
            "--tag",
            "k=v")
        .exits(Exit.DONE);

    assertThat(used()).isEqualTo(1L);
  }

  @Test
  void readsAnswersOfProvidersALineEach() {
    count("total-tokens");

    Ran ran =
        runWith(
                ANSWER + ANSWER.replace("-1\"", "-2\"") + "{\"model\":\"m\",\"input_tokens\":3}\n",
                "--format",
                "json",
                "track",
                "--from",
                "-")
            .exits(Exit.DONE);

    assertThat(ran.object()).isEqualTo(counts(3, 0, 0, 3));
    assertThat(used()).isEqualTo(223L);
  }

  @Test
  void readsAnAnswerThatIsPrintedForPeople() {
    count("total-tokens");
    String pretty = ANSWER.replace("{\"id\"", "{\n  \"id\"").replace(",\"", ",\n  \"");

    runWith(pretty, "track", "--from", "-").exits(Exit.DONE);

    assertThat(used()).isEqualTo(110L);
  }

  @Test
  void readsAnEventStream() {
    count("total-tokens");
    String stream =
        """
        data: {"object":"chat.completion.chunk","model":"gpt-5-mini","choices":[{"index":0,"delta":{"content":"Hi"}}]}

        data: {"object":"chat.completion.chunk","model":"gpt-5-mini","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}

        data: [DONE]
        """;

    runWith(stream, "track", "--from", "-").exits(Exit.DONE);

    assertThat(used()).isEqualTo(12L);
  }

  @Test
  void checksNamesWhereTheyAreEnforced() {
    done("users", "add", "alice");
    String lines = "{\"model\":\"m\",\"user\":\"alice\"}\n{\"model\":\"m\",\"user\":\"bob\"}\n";

    Ran ran =
        runWith(lines, "--format", "json", "--enforce-names", "track", "--from", "-")
            .exits(Exit.FAILED)
            .says("line 2: user \"bob\" is not in the directory");

    assertThat(ran.object()).isEqualTo(counts(1, 0, 1, 2));
  }

  @Test
  void failsWhereThereIsNoSuchFile() {
    run("track", "--from", "nowhere.jsonl").exits(Exit.FAILED).says("nowhere.jsonl");
    run("track", "--from", "-", "--id", "k").exits(Exit.USAGE).says("--id");
  }

  @Test
  void readsManyLinesInBoundedMemory() {
    count("requests");
    int lines = 3_000;

    Ran ran =
        run(
                new Repeated("{\"model\":\"m\",\"input_tokens\":1}\n", lines),
                "--format",
                "json",
                "track",
                "--from",
                "-")
            .exits(Exit.DONE);

    assertThat(ran.object()).contains(entry("recorded", (long) lines));
    assertThat(used()).isEqualTo((long) lines);
  }

  /** A text over and over, never whole in memory. */
  private static final class Repeated extends InputStream {
    private final byte[] text;
    private final long length;
    private long position;

    Repeated(String text, int times) {
      this.text = text.getBytes(StandardCharsets.UTF_8);
      this.length = (long) this.text.length * times;
    }

    @Override
    public int read() throws IOException {
      return position < length ? text[(int) (position++ % text.length)] : -1;
    }
  }
}
