package io.llmaccounting.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code stats}. */
abstract class StatsContract extends CommandContract {
  private static final String CALLS =
      """
      {"model":"m","project":"a","user":"x","input_tokens":100,"output_tokens":50,"cost":"0.002","latency":0.5}
      {"model":"m","project":"b","user":"y","input_tokens":200,"output_tokens":100,"cost":"0.001","latency":1.5}
      {"model":"n","project":"a","input_tokens":150,"output_tokens":75,"cost":"0.003","latency":1}
      {"model":"n","project":"a","outcome":"failed","at":"2026-03-01T23:30:00Z"}
      """;

  private void track() {
    runWith(CALLS, "track", "--from", "-").exits(Exit.DONE);
  }

  @Test
  void addsUpExactlyAndAveragesWhatIsKnown() {
    track();

    Map<String, Object> all = json("stats").object();

    assertThat(all)
        .containsEntry("calls", 4L)
        .containsEntry("failed", 1L)
        .containsEntry("missing", 1L)
        .containsEntry("unpriced", 1L)
        .containsEntry("total_tokens", 675L)
        .containsEntry("cost", "0.006")
        .containsEntry("average_cost", "0.002")
        .containsEntry("average_total_tokens", new BigDecimal("225.000000"))
        .containsEntry("average_latency", 1L)
        .doesNotContainKey("latency_p95");
  }

  @Test
  void anEmptyPeriodIsZeros() {
    done("projects", "add", "a");

    assertThat(json("stats").object())
        .containsEntry("calls", 0L)
        .containsEntry("total_tokens", 0L)
        .containsEntry("cost", "0.00")
        .containsEntry("average_cost", null);
    assertThat(json("stats", "--by", "model").objects()).isEmpty();
    assertThat(done("stats").lines()).anyMatch(line -> line.matches("(?i)calls +0"));
  }

  @Test
  void ranksByCostUnlessAskedOtherwise() {
    track();

    assertThat(json("stats", "--by", "model").objects())
        .extracting(row -> row.get("model"), row -> row.get("cost"), row -> row.get("calls"))
        .containsExactly(tuple("m", "0.003", 2L), tuple("n", "0.003", 2L));
    assertThat(json("stats", "--by", "project", "--rank", "latency").objects())
        .extracting(row -> row.get("project"))
        .containsExactly("b", "a");
    assertThat(json("stats", "--by", "user", "--top", "1", "--rank", "tokens").objects())
        .extracting(row -> row.get("user"))
        .containsExactly("y");
    assertThat(json("stats", "--by", "user").objects())
        .extracting(row -> row.get("user"))
        .containsExactly(null, "x", "y");
  }

  @Test
  void cutsByTimeAsTheZoneDoes() {
    track();

    assertThat(json("stats", "--bucket", "day").objects())
        .extracting(row -> row.get("from"), row -> row.get("calls"))
        .containsExactly(tuple("2026-03-01T00:00:00Z", 1L), tuple("2026-03-02T00:00:00Z", 3L));
    assertThat(json("--zone", "Asia/Tokyo", "stats", "--bucket", "day", "--by", "model").objects())
        .extracting(row -> row.get("from"), row -> row.get("model"), row -> row.get("calls"))
        .containsExactly(
            tuple("2026-03-01T15:00:00Z", "m", 2L), tuple("2026-03-01T15:00:00Z", "n", 2L));
  }

  @Test
  void periodsGoByTheClockAndTheZone() {
    track();

    assertThat(json("stats", "--period", "daily").object()).containsEntry("calls", 3L);
    assertThat(json("--zone", "Asia/Tokyo", "stats", "--period", "daily").object())
        .containsEntry("calls", 4L);
    assertThat(json("stats", "--period", "weekly").object()).containsEntry("calls", 3L);
    assertThat(json("stats", "--period", "monthly").object()).containsEntry("calls", 4L);
    assertThat(json("stats", "--period", "yearly").object()).containsEntry("calls", 4L);
    assertThat(json("stats", "--to", "2026-03-02").object()).containsEntry("calls", 1L);
    run("stats", "--period", "daily", "--to", "2026-03-02").exits(Exit.USAGE).says("said once");
    run("stats", "--from", "2026-03-02", "--to", "2026-03-02").exits(Exit.USAGE).says("--from");
  }

  /** faults E4: the stretch before the current one, and quarters. */
  @Test
  void periodsBeforeTheCurrentOneHaveWords() {
    String calls =
        """
        {"model":"m","at":"2025-02-01T00:00:00Z"}
        {"model":"m","at":"2025-10-01T00:00:00Z"}
        {"model":"m","at":"2026-01-31T23:30:00Z"}
        {"model":"m","at":"2026-02-01T00:00:00Z"}
        {"model":"m","at":"2026-02-23T00:00:00Z"}
        {"model":"m","at":"2026-03-01T23:00:00Z"}
        {"model":"m","at":"2026-03-02T00:00:00Z"}
        """;
    runWith(calls, "track", "--from", "-").exits(Exit.DONE);

    assertThat(calls("today")).isEqualTo(1L);
    assertThat(calls("yesterday")).isEqualTo(1L);
    assertThat(calls("this-week")).isEqualTo(1L);
    assertThat(calls("last-week")).isEqualTo(2L);
    assertThat(calls("this-month")).isEqualTo(2L);
    assertThat(calls("last-month")).isEqualTo(2L);
    assertThat(json("--zone", "Europe/Berlin", "stats", "--period", "last month").object())
        .containsEntry("calls", 3L);
    assertThat(calls("quarterly")).isEqualTo(5L);
    assertThat(calls("last-quarter")).isEqualTo(1L);
    assertThat(calls("this-year")).isEqualTo(5L);
    assertThat(calls("last-year")).isEqualTo(2L);
    run("stats", "--period", "fortnight").exits(Exit.USAGE).says("last-quarter", "fortnight");
  }

  private Object calls(String period) {
    return json("stats", "--period", period).object().get("calls");
  }

  @Test
  void onlySomeCalls() {
    track();

    assertThat(json("stats", "--project", "a", "--model", "n*").object())
        .containsEntry("calls", 2L);
    assertThat(json("stats", "--absent", "user").object()).containsEntry("calls", 2L);
    assertThat(json("stats", "--unpriced").object()).containsEntry("calls", 1L);
    run("stats", "--by", "colour").exits(Exit.USAGE).says("response-model", "\"colour\"");
    run("stats", "--by", "model,model").exits(Exit.USAGE).says("once");
    run("stats", "--top", "0").exits(Exit.USAGE).says("--top");
  }

  @Test
  void theSpreadIsReadFromEveryCall() {
    track();

    assertThat(json("stats", "--spread").object())
        .containsEntry("min_total_tokens", 150L)
        .containsEntry("max_total_tokens", 300L)
        .containsEntry("min_cost", "0.001")
        .containsEntry("max_latency", new BigDecimal("1.5"))
        .containsEntry("latency_p50", 1L)
        .containsEntry("latency_p99", new BigDecimal("1.5"));
  }

  @Test
  void peopleGetAFewFiguresAndTheSum() {
    track();

    assertThat(done("stats", "--by", "project,user").lines())
        .containsExactly(
            "PROJECT  USER  CALLS  FAILED   INPUT  OUTPUT       COST  AVG LATENCY  UNPRICED "
                + " MISSING",
            "a        -         2       1  >= 150   >= 75  >= $0.003           1s         1       "
                + " 1",
            "a        x         1       0     100      50     $0.002        500ms         0       "
                + " 0",
            "b        y         1       0     200     100     $0.001        1.50s         0       "
                + " 0",
            "TOTAL              4       1  >= 450  >= 225  >= $0.006           1s         1       "
                + " 1");
    // faults E1
    assertThat(done("stats", "--by", "project", "--project", "b").out())
        .doesNotContain("UNPRICED", "MISSING", "ESTIMATED");
    assertThat(done("-q", "stats", "--by", "project").lines()).containsExactly("a", "b");
  }

  /** faults E5: a cost of which only a part is known says so. */
  @Test
  void marksWhatIsTheLeastThatACostCanBe() {
    runWith(
            """
            {"model":"gpt-5-mini","input_tokens":1000,"output_tokens":100,"extras":{"mystery":1}}
            {"model":"gpt-5-mini","input_tokens":1000,"output_tokens":100}
            """,
            "track",
            "--from",
            "-")
        .exits(Exit.DONE);

    assertThat(json("stats").object()).containsEntry("lower_bound", 1L);
    assertThat(done("stats").out()).containsPattern("cost +>= \\$0\\.00");
    assertThat(
            done("stats", "--by", "model")
                .says(">= at least", "1 with a part that has no price")
                .lines()
                .get(1))
        .contains(">= $0.00");
  }

  /** faults E5: what is zero is not worth a line. */
  @Test
  void leavesOutFiguresThatAreZero() {
    track();

    assertThat(done("stats").out())
        .contains("calls ", "failed ", "output tokens ")
        .doesNotContain("cancelled", "audio", "lower bound", "000000");
    assertThat(json("stats").object()).containsEntry("cancelled", 0L);
  }

  @Test
  void spreadsheetsGetEveryFigure() {
    track();

    assertThat(csv("stats", "--by", "project").lines())
        .hasSize(3)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).startsWith("project,calls,succeeded,failed,");
              assertThat(lines.get(1)).startsWith("a,3,2,1,0,0,0,0,1,1,250,0,0,0,125,");
            });
  }

  /** What nobody knows is not 0, for people and for programs. */
  @Test
  void tokensThatNobodyKnowsAreNotZero() {
    runWith(
            """
            {"model":"m","project":"a"}
            {"model":"m","project":"a"}
            {"model":"m","project":"b","input_tokens":100,"output_tokens":50}
            {"model":"m","project":"b"}
            """,
            "track",
            "--from",
            "-")
        .exits(Exit.DONE);

    assertThat(json("stats", "--project", "a").object())
        .containsEntry("calls", 2L)
        .containsEntry("missing", 2L)
        .containsEntry("input_tokens", null)
        .containsEntry("cache_read_tokens", null)
        .containsEntry("output_tokens", null)
        .containsEntry("total_tokens", null)
        .containsEntry("local_input_tokens", null);
    assertThat(json("stats", "--by", "project").objects())
        .extracting(row -> row.get("project"), row -> row.get("input_tokens"))
        .containsExactly(tuple("a", null), tuple("b", 100L));
    assertThat(csv("stats", "--by", "project").lines().get(1))
        .startsWith("a,2,2,0,0,0,0,0,2,2,,,,,,,,,,,,");
    assertThat(done("stats", "--project", "a").out())
        .containsPattern("input tokens +-\n")
        .containsPattern("output tokens +-\n")
        .containsPattern("cost +-\n")
        .doesNotContain("cache", "total", "local", "average");
    assertThat(done("stats", "--project", "b").says("2 calls", "1 with unknown tokens").out())
        .containsPattern("input tokens +>= 100")
        .doesNotContain("cache");
    assertThat(
            done("stats", "--by", "project")
                .says(">= at least, - not known: of 4 calls, 3 with unknown tokens")
                .lines())
        .containsExactly(
            "PROJECT  CALLS  FAILED   INPUT  OUTPUT  COST  UNPRICED  MISSING",
            "a            2       0       -       -     -         2        2",
            "b            2       0  >= 100   >= 50     -         2        1",
            "TOTAL        4       0  >= 100   >= 50     -         4        3");
  }
}
