package io.llmaccounting.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import org.junit.jupiter.api.Test;

/** {@code limits export}. */
abstract class ExportLimitsContract extends CommandContract {
  private static final String CODE =
      """
      set: code
      limits:
        - {name: month, metric: cost, max: 400, calendar: 1 month, starting: 31 06:00,
           zone: Europe/Berlin, alerts: [80], unpriced: 0.05, project: search}
        - {name: fair, metric: requests, max: 60, rolling: 1m, each: [user, "tag:team"]}
        - {name: at once, metric: concurrent, max: 5, model: gpt-*}
        - {name: "free: carol", metric: cost, max: unlimited, user: carol}
      """;

  private void prepare() {
    write("code.yaml", CODE);
    done("limits", "apply", "code.yaml");
    done("limits", "set", "hand", "--max", "5", "--metric", "requests", "--lifetime");
  }

  private void empty() {
    write("empty.yaml", "{set: code, limits: []}");
    done("limits", "apply", "empty.yaml");
    done("limits", "delete", "hand");
    assertThat(json("limits", "list").objects()).isEmpty();
  }

  private void comesBack(String file) {
    prepare();
    done("limits", "export", file, "--as", "all").says("5 limits, as set \"all\"");
    var before = json("limits", "export", "-", "--as", "all").out();
    empty();

    done("limits", "apply", file).says("5 created");

    assertThat(json("limits", "export", "-", "--as", "all").out()).isEqualTo(before);
  }

  @Test
  void yamlThatIsAppliedToNothingMakesTheSameLimits() {
    comesBack("all.yaml");
  }

  @Test
  void jsonThatIsAppliedToNothingMakesTheSameLimits() {
    comesBack("all.json");
  }

  @Test
  void aSetThatIsAppliedWhereItCameFromChangesNothing() {
    prepare();
    done("limits", "export", "again.yaml", "--set", "code").says("4 limits, as set \"code\"");

    done("limits", "apply", "again.yaml").says("0 created, 0 changed, 0 removed, 4 unchanged");
  }

  @Test
  void whatWasMadeByHandIsTakenOverWhereThatIsAllowed() {
    prepare();
    done("limits", "export", "hand.yaml", "--by-hand", "--as", "ops").says("1 limit");

    run("limits", "apply", "hand.yaml").exits(Exit.FAILED).says("--take-over");
    done("limits", "apply", "hand.yaml", "--take-over").says("0 created, 0 changed, 0 removed");

    assertThat(json("limits", "show", "hand").object()).containsEntry("set", "ops");
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyByForce() {
    prepare();
    done("limits", "export", "all.yaml", "--as", "all");

    run("limits", "export", "all.yaml", "--as", "all").exits(Exit.FAILED).says("--force");
    done("limits", "export", "all.yaml", "--as", "other", "--force").says("as set \"other\"");
  }

  @Test
  void saysWhatItNeeds() {
    done("migrate");

    run("limits", "export").exits(Exit.USAGE).says("--as NAME");
    run("limits", "export", "--by-hand", "--set", "a").exits(Exit.USAGE).says("--by-hand");
  }
}
