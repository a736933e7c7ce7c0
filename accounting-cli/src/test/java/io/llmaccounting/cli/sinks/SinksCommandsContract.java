package io.llmaccounting.cli.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import org.junit.jupiter.api.Test;

/** {@code sinks}. */
abstract class SinksCommandsContract extends CommandContract {
  private void recorded() {
    done("track", "--model", "m", "--cost", "0.5");
  }

  @Test
  void tellsHowSinksStand() {
    done("sinks", "open", "files").says("Opened files.");
    done("sinks", "open", "files").says("files was open already.");
    recorded();

    assertThat(csv("sinks", "list").lines())
        .containsExactly(
            "sink,waiting,oldest,dead_letters,failing", "files,1,2026-03-02T09:00:00Z,0,false");
    assertThat(json("sinks", "status", "files").object())
        .containsEntry("sink", "files")
        .containsEntry("waiting", 1L)
        .containsEntry("delivered", 0L)
        .containsEntry("dead_letters", 0L)
        .containsEntry("failing", false);
  }

  @Test
  void opensFromAnInstantAndReplays() {
    recorded();
    done("sinks", "open", "archive", "--from", "2026-01-01T00:00:00Z");
    assertThat(json("sinks", "status", "archive").object())
        .containsEntry("replayed_to", "2026-01-01T00:00:00Z");

    done("sinks", "replay", "archive", "--from", "2025-01-01T00:00:00Z").says("once more");
    assertThat(json("sinks", "status", "archive").object())
        .containsEntry("replayed_to", "2025-01-01T00:00:00Z");
  }

  @Test
  void listsDeadLettersAndDeliversThemAgain() {
    done("sinks", "open", "files");

    assertThat(csv("sinks", "dead-letters", "files").lines())
        .containsExactly("id,refused_at,reason");
    done("sinks", "dead-letters", "files", "--again-all").says("0 delivered again.");
    run("sinks", "dead-letters", "files", "-n", "0").exits(Exit.USAGE).says("--lines must be");
  }

  @Test
  void namesSinksThatAreNotThereAndRemovesThoseThatAre() {
    done("migrate");
    run("sinks", "status", "files").exits(Exit.FAILED).says("there is no sink files");
    run("sinks", "replay", "files", "--from", "2025-01-01T00:00:00Z")
        .exits(Exit.FAILED)
        .says("there is no sink files");
    run("sinks", "dead-letters", "files").exits(Exit.FAILED).says("there is no sink files");
    run("sinks", "remove", "files", "--yes").exits(Exit.FAILED).says("there is no sink files");
    done("sinks", "open", "files");
    run("sinks", "remove", "files").exits(Exit.USAGE).says("add --yes");
    done("sinks", "remove", "files", "--yes").says("Removed files.");
    assertThat(csv("sinks", "list").lines()).hasSize(1);
  }
}
