package io.llmaccounting.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code limits apply}. */
abstract class ApplyLimitsContract extends CommandContract {
  private static final String FIRST =
      """
      set: code
      limits:
        - {name: month, metric: cost, max: 400, calendar: 1 month, alerts: [80]}
        - {name: fair, metric: requests, max: 60, rolling: 1m, each: [user]}
      """;
  private static final String SECOND =
      """
      set: code
      limits:
        - {name: month, metric: cost, max: 500, calendar: 1 month, alerts: [80, 100]}
        - {name: burst, metric: concurrent, max: 5}
      """;

  @Test
  void appliesWhatAFileSaysAndSaysWhatItChanged() {
    write("first.yaml", FIRST);
    write("second.yaml", SECOND);
    done("limits", "apply", "first.yaml");

    List<Map<String, Object>> planned =
        json("limits", "apply", "second.yaml", "--dry-run").objects();
    List<Map<String, Object>> changes = json("limits", "apply", "second.yaml").objects();

    assertThat(changes).isEqualTo(planned);
    assertThat(changes)
        .extracting(
            row -> row.get("change"),
            row -> row.get("limit"),
            row -> row.get("field"),
            row -> row.get("from"),
            row -> row.get("to"))
        .containsExactly(
            tuple("created", "burst", null, null, "CONCURRENT limit \"burst\" of 5, now"),
            tuple(
                "removed",
                "fair",
                null,
                "REQUESTS limit \"fair\" of 60, rolling PT1M, user each",
                null),
            tuple("changed", "month", "maximum", "$400.00", "$500.00"),
            tuple("changed", "month", "alerts", "[80]", "[80, 100]"));
    assertThat(json("limits", "list").objects())
        .extracting(row -> row.get("name"), row -> row.get("set"))
        .containsExactly(tuple("burst", "code"), tuple("month", "code"));
  }

  @Test
  void aDryRunWritesNothingAndTheSecondTimeNothingChanges() {
    write("first.yaml", FIRST);

    done("limits", "apply", "first.yaml", "--dry-run")
        .says("2 created, 0 changed, 0 removed, 0 unchanged", "nothing was written: a dry run");
    done("migrate");
    assertThat(json("limits", "list").objects()).isEmpty();

    done("limits", "apply", "first.yaml").says("limits of set \"code\": 2 created");
    Ran again =
        json("limits", "apply", "first.yaml").says("0 created, 0 changed, 0 removed, 2 unchanged");
    assertThat(again.objects()).isEmpty();
    assertThat(json("audit", "list", "--type", "admin").objects()).hasSize(2);
  }

  @Test
  void readsStandardInputAndJson() {
    runWith(FIRST, "limits", "apply", "-").exits(Exit.DONE);
    write("limits.json", "{\"set\": \"code\", \"limits\": []}");

    done("limits", "apply", "limits.json").says("2 removed");
  }

  @Test
  void namesEveryProblemOfAFileAndChangesNothing() {
    write("wrong.yaml", FIRST.replace("max: 400", "max: much").replace("60", "60.5"));

    run("limits", "apply", "wrong.yaml")
        .exits(Exit.USAGE)
        .says(
            "wrong.yaml, line 3: \"month\".max",
            "wrong.yaml, line 4: \"fair\".max",
            "nothing was changed");
    done("migrate");
    assertThat(json("limits", "list").objects()).isEmpty();
  }

  @Test
  void takesOverWhatWasMadeByHandOnlyWhereItIsToldTo() {
    done("limits", "set", "fair", "--max", "5", "--metric", "requests", "--lifetime");
    write("first.yaml", FIRST);

    run("limits", "apply", "first.yaml")
        .exits(Exit.FAILED)
        .says("\"fair\" (made by hand)", "--take-over");
    assertThat(json("limits", "list").objects()).hasSize(1);

    assertThat(json("limits", "apply", "first.yaml", "--take-over").objects())
        .extracting(row -> row.get("change"), row -> row.get("limit"), row -> row.get("to"))
        .contains(tuple("taken-over", "fair", "code"));
    assertThat(json("limits", "show", "fair").object()).containsEntry("set", "code");
  }

  @Test
  void aCopyOfTheDatabaseKnowsWhoOwnsItsLimits() {
    write("first.yaml", FIRST);
    done("limits", "apply", "first.yaml");
    done("export", "all.jsonl");
    done("limits", "delete", "month");

    done("import", "all.jsonl");

    done("limits", "apply", "first.yaml").says("0 created, 0 changed, 0 removed, 2 unchanged");
  }

  /** What docs/reference/limit-files.md shows can be applied, each as a set of its own. */
  @Test
  void whatThePageShowsCanBeApplied() throws IOException {
    Path page = Path.of("").toAbsolutePath().resolveSibling("docs/reference/limit-files.md");
    Matcher blocks =
        Pattern.compile("(?ms)^```(yaml|json)\\n(.*?)^```").matcher(Files.readString(page));
    int shown = 0;
    while (blocks.find()) {
      String name = "shown." + blocks.group(1);
      write(name, blocks.group(2));
      done("limits", "apply", name);
      shown++;
    }

    assertThat(shown).isEqualTo(2);
    assertThat(json("limits", "list").objects())
        .extracting(row -> row.get("name"))
        .contains("team monthly", "user burst", "release night: carol", "fallback");
  }
}
