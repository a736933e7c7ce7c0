package io.llmaccounting.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** Colours say at a glance what words say too. */
class LimitColoursTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  /** faults E5: what is nearly or wholly spent stands out where there are colours. */
  @Test
  void coloursWhatIsNearlySpent() {
    done("limits", "set", "a", "--max", "5", "--metric", "requests", "--lifetime");
    done("limits", "set", "b", "--max", "4", "--metric", "requests", "--lifetime");
    for (int i = 0; i < 4; i++) {
      done("track", "--model", "m");
    }

    assertThat(done("limits", "status", "--color=always").out())
        .contains("\u001b[33m80%\u001b[0m", "\u001b[31m100%\u001b[0m");
    assertThat(done("limits", "status").out()).contains("80%").doesNotContain("\u001b");
    environment.put("NO_COLOR", "1");
    assertThat(done("--color=always", "limits", "status").out()).contains("\u001b");
    assertThat(done("--color=always", "--no-color", "limits", "status").out())
        .doesNotContain("\u001b");
    assertThat(run("check", "--model", "m", "--color", "always").exits(Exit.DENIED).err())
        .contains("\u001b[31mdenied: \u001b[0m");
    assertThat(run("limits", "show", "x", "--color", "always").exits(Exit.FAILED).err())
        .startsWith("\u001b[31mllm-accounting: \u001b[0m");
  }
}
