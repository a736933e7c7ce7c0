package io.llmaccounting.cli.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code select}. */
abstract class SelectContract extends CommandContract {
  @BeforeEach
  final void track() {
    String calls =
        """
        {"model":"m","project":"it's","user":"a,b","input_tokens":10,"output_tokens":2,"at":"2026-03-02T08:00:00Z"}
        {"model":"n\\t\\u001b[31m","project":"it's","at":"2026-03-02T08:01:00Z"}
        {"model":"o","project":"other","at":"2026-03-02T08:02:00Z"}
        """;
    runWith(calls, "track", "--from", "-").exits(Exit.DONE);
  }

  @Test
  void answersInAllFormats() {
    String sql =
        "SELECT model, user_name, input_tokens FROM usage_view ORDER BY occurred_at LIMIT 2";

    assertThat(json("select", sql).objects().get(0))
        .isEqualTo(Map.of("model", "m", "user_name", "a,b", "input_tokens", 10L));
    assertThat(csv("select", sql).out())
        .isEqualTo("model,user_name,input_tokens\nm,\"a,b\",10\nn\t\\u001b[31m,,\n");
    assertThat(done("select", sql).lines())
        .containsExactly(
            "MODEL          USER NAME  INPUT TOKENS",
            "m              a,b                  10",
            "n\\t\\u001b[31m  -                     -");
  }

  @Test
  void showsTheCallsOfAProject() {
    assertThat(json("select", "--project", "it's").objects())
        .extracting(row -> row.get("model"))
        .containsExactly("n\t\u001b[31m", "m");
    assertThat(json("select", "--project", "none").objects()).isEmpty();
    assertThat(csv("select", "--project", "none").lines())
        .hasSize(1)
        .allMatch(line -> line.startsWith("id,occurred_at,"));
  }

  @Test
  void columnsOfOneNameAreToldApart() {
    assertThat(json("select", "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a").objects().get(0))
        .isEqualTo(Map.of("a", 1L, "a_3", 2L, "a_2", 3L, "a_4", 4L));
  }

  @Test
  void whatWouldWriteIsRefused() {
    for (String sql :
        new String[] {
          "DELETE FROM usage_event",
          "SELECT 1; DELETE FROM usage_event",
          "WITH gone AS (DELETE FROM usage_event RETURNING *) SELECT * FROM gone",
          "DROP TABLE usage_event"
        }) {
      run("select", sql).exits(Exit.FAILED).says("the database refused the question");
    }
    assertThat(json("stats").object()).containsEntry("calls", 3L);
  }

  @Test
  void anAnswerThatIsCutShortIsAFailure() {
    run("--format", "csv", "select", "SELECT model FROM usage_view", "--max-rows", "2")
        .exits(Exit.FAILED)
        .says("more rows than 2", "--max-rows");
    assertThat(csv("select", "SELECT model FROM usage_view", "--max-rows", "3").lines()).hasSize(4);
    run("select", "SELECT 1", "--max-rows", "0").exits(Exit.USAGE);
  }

  @Test
  @DisplayName("faults G7")
  void columnsAndNamesFromOutsideDoNothingToTerminalsAndSpreadsheets() {
    assertThat(done("select", "SELECT 1 AS \"a\u001b[31m\"").out()).doesNotContain("\u001b");
    assertThat(csv("select", "SELECT '=1+1' AS a, -1 AS b").out()).isEqualTo("a,b\n'=1+1,-1\n");
    assertThat(csv("--no-csv-safe", "select", "SELECT '=1+1' AS a").out()).isEqualTo("a\n=1+1\n");
  }

  @Test
  void oneQuestionIsNeeded() {
    run("select").exits(Exit.USAGE).says("a question is missing", "--project NAME"); // faults E2
    run("select", "SELECT 1", "--project", "a").exits(Exit.USAGE).says("both were given");
    run("select", "SELECT nonsense").exits(Exit.FAILED).says("nonsense");
  }
}
