package io.llmaccounting.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The first move to a database that is not there yet. */
class FirstMoveTest extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  @Test
  void aDryRunNeedsNoDatabaseAndMakesNone() {
    done("track", "--model", "m", "--cost", "1");
    done("export", "all.jsonl");
    Path fresh = folder.resolve("fresh.db");
    String[] dry = {
      "import", "all.jsonl", "--dry-run", "--db", fresh.toString(), "--format", "json"
    };

    Ran ran = bare(InputStream.nullInputStream(), dry).exits(Exit.DONE);

    ran.says("there is no database", "tried with an empty one", "nothing was written");
    assertThat(ran.objects())
        .anySatisfy(
            row -> assertThat(row).containsEntry("kind", "usage").containsEntry("added", 1L));
    assertThat(fresh).doesNotExist();
  }

  @Test
  void aMissingFolderIsNamed() {
    String[] files = {"no/such.db", "no/all.jsonl", "no/prices.json"};
    Ran database =
        bare(InputStream.nullInputStream(), "migrate", "--db", folder.resolve(files[0]).toString());
    Ran prices = run("prices", "add", files[2], "--model", "m", "--input", "1", "--output", "2");
    done("migrate");

    for (Ran ran : new Ran[] {database, prices, run("export", files[1])}) {
      ran.exits(Exit.FAILED).says("there is no folder " + folder.resolve("no"), "Make it first");
      assertThat(ran.err()).doesNotContain("role");
    }
  }
}
