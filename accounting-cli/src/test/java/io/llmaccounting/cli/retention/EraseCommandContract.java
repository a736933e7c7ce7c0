package io.llmaccounting.cli.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code erase}. */
@DisplayName("faults F: a command that erases a person's data")
abstract class EraseCommandContract extends CommandContract {
  private void threeCalls() {
    done("users", "add", "ann", "--email", "ann@example.com");
    done("track", "--model", "m", "--user", "ann", "--cost", "1");
    done("track", "--model", "m", "--user", "ann", "--cost", "2");
    done("track", "--model", "m", "--user", "bob", "--cost", "4");
  }

  @Test
  void erasesWhatTheDryRunCountedAndNoTotalChanges() {
    threeCalls();
    write("key", "0123456789abcdef");
    String before = csv("stats", "--by", "model").out();

    Object pseudonym =
        json("erase", "--user", "ann", "--dry-run", "--key-file", "key").object().get("pseudonym");
    assertThat(json("erase", "--user", "ann", "--yes", "--key-file", "key", "--vacuum").object())
        .containsEntry("pseudonym", pseudonym)
        .containsEntry("records", 2L)
        .containsEntry("directory", 1L)
        .containsEntry("dry_run", false)
        .containsEntry("finished", true);

    assertThat(csv("stats", "--by", "model").out()).isEqualTo(before);
    assertThat(csv("stats", "--by", "user").out())
        .contains((String) pseudonym)
        .doesNotContain("ann");
    done("verify");
    run("erase", "--user", "ann", "--dry-run").exits(Exit.FAILED).says("nothing is stored under");
  }

  @Test
  void aMistypedNameIsSaidAndTheDryRunCountsAndNamesWhatTheRunDoes() {
    threeCalls();

    run("erase", "--user", "amn", "--yes")
        .exits(Exit.FAILED)
        .says("nothing is stored under \"amn\"");
    assertThat(csv("audit", "list").out()).doesNotContain("erased-");
    Map<String, Object> dry = new TreeMap<>(json("erase", "--user", "ann", "--dry-run").object());
    Map<String, Object> run = new TreeMap<>(json("erase", "--user", "ann", "--yes").object());

    assertThat(dry).containsEntry("pseudonym", null);
    assertThat(run.remove("pseudonym")).asString().startsWith("erased-");
    dry.remove("pseudonym");
    assertThat(dry.remove("dry_run")).isEqualTo(true);
    assertThat(run.remove("dry_run")).isEqualTo(false);
    assertThat(run).isEqualTo(dry).doesNotContainEntry("rollups", 0L);
  }

  /** reading 10. */
  @Test
  void sealedEntriesThatItCannotSealAgainAskForTheKeyAndNotForHolds() {
    write("secret", "0123456789abcdef0123456789abcdef");
    environment.put("LLM_ACCOUNTING_AUDIT_KEY", "2026=secret");
    done("log-event", "one", "--user", "ann");
    environment.remove("LLM_ACCOUNTING_AUDIT_KEY");

    assertThat(done("erase", "--user", "ann", "--dry-run").says("LLM_ACCOUNTING_AUDIT_KEY").err())
        .doesNotContain("release");
    assertThat(
            run("erase", "--user", "ann", "--yes")
                .exits(Exit.FAILED)
                .says("nothing was erased", "LLM_ACCOUNTING_AUDIT_KEY")
                .err())
        .doesNotContain("release");

    environment.put("LLM_ACCOUNTING_AUDIT_KEY", "2026=secret");
    done("erase", "--user", "ann", "--yes");
  }

  @Test
  void asksBeforeItErasesAndSaysWhyItDoesNot() {
    threeCalls();
    write("short", "0123");

    run("erase", "--user", "ann").exits(Exit.USAGE).says("--dry-run", "--yes");
    run("erase", "--yes").exits(Exit.USAGE).says("--user");
    run("erase", "--user", "ann", "--yes", "--key-file", "none").exits(Exit.USAGE).says("none");
    run("erase", "--user", "ann", "--yes", "--key-file", "short")
        .exits(Exit.USAGE)
        .says("at least 16 bytes, had 4");
    done("limits", "set", "l", "--max", "9", "--metric", "requests", "--rolling", "1h");
    done("reserve", "--model", "m", "--user", "ann");
    run("erase", "--user", "ann", "--yes")
        .exits(Exit.FAILED)
        .says("1 open hold", "llm-accounting release", "nothing was erased");
    assertThat(done("erase", "--user", "ann", "--dry-run").says("llm-accounting release").out())
        .contains("1 open hold");
    assertThat(json("erase", "--user", "ann", "--dry-run").object().get("obstacles"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
  }
}
