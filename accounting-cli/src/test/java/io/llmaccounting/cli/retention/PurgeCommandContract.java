package io.llmaccounting.cli.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import org.junit.jupiter.api.Test;

/** {@code purge}. */
abstract class PurgeCommandContract extends CommandContract {
  private void threeCalls() {
    done("track", "--model", "m", "--at", "2026-01-10", "--id", "a", "--user", "ann");
    done("track", "--model", "m", "--at", "2026-01-20", "--id", "b", "--user", "bob");
    done("track", "--model", "m", "--at", "2026-02-10", "--id", "c");
  }

  @Test
  void printsWhatItRemovedInAllFormats() {
    threeCalls();

    assertThat(json("purge", "--before", "2026-02-01", "--dry-run", "--keys").object())
        .containsEntry("complete_from", "2026-02-01T00:00:00Z")
        .containsEntry("records", 2L)
        .containsEntry("keys", 2L)
        .containsEntry("rollups", null)
        .containsEntry("dry_run", true)
        .containsEntry("finished", true);
    assertThat(csv("purge", "--before", "2026-02-01T00:14:00Z", "--yes", "--user", "ann").out())
        .isEqualTo(
            """
            complete_from,records,keys,rollups,dry_run,finished
            2026-02-01T00:00:00Z,1,,,false,true
            """);
    assertThat(done("purge", "--before", "2026-02-01", "--yes", "--keys", "--rollups").lines())
        .anyMatch(line -> line.matches("(?i)complete from +2026-02-01 00:00:00Z"))
        .anyMatch(line -> line.matches("(?i)records +1"))
        .anyMatch(line -> line.matches("(?i)keys +2"));
  }

  @Test
  void whatWasPurgedIsRefused() {
    threeCalls();
    done("purge", "--before", "2026-02-01", "--yes", "--batch", "1");

    run("track", "--model", "m", "--at", "2026-01-10", "--id", "a", "--user", "ann")
        .exits(Exit.FAILED)
        .says("belongs to call", "with the same content, which was purged");
    write(
        "old.jsonl",
        """
        {"at": "2026-01-15T00:00:00Z", "model": "m"}
        {"at": "2026-02-15T00:00:00Z", "model": "m"}
        """);
    assertThat(
            run("--format", "json", "track", "--from", "old.jsonl")
                .exits(Exit.FAILED)
                .says("line 1", "older than the purge horizon")
                .object())
        .containsEntry("recorded", 1L)
        .containsEntry("failed", 1L);
  }

  @Test
  void asksBeforeItRemovesAndSaysWhyItDoesNot() {
    threeCalls();
    done("limits", "set", "l", "--max", "9", "--metric", "requests", "--rolling", "30d");

    run("purge", "--before", "2026-02-01").exits(Exit.USAGE).says("--dry-run", "--yes");
    run("purge", "--before", "2026-02-01", "--yes", "--dry-run").exits(Exit.USAGE);
    run("purge", "--yes").exits(Exit.USAGE).says("--before");
    run("purge", "--before", "soon", "--yes").exits(Exit.USAGE).says("--before must be a time");
    run("purge", "--before", "2026-02-20", "--yes")
        .exits(Exit.USAGE)
        .says("limit \"l\" still counts usage from 2026-01-31T09:00:00Z on");
    run("purge", "--before", "2026-02-01", "--yes", "--batch", "0")
        .exits(Exit.USAGE)
        .says("rows must be from 1 to 100000, was 0");
    run("purge", "--before", "2026-01-15", "--yes", "--rollups", "--user", "ann")
        .exits(Exit.USAGE)
        .says("rollups can be removed only with all usage");
    assertThat(json("purge", "--before", "2026-02-20", "--yes", "--even-if-counted").object())
        .containsEntry("records", 3L);
  }
}
