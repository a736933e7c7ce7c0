package io.llmaccounting.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.Ran;
import io.llmaccounting.cli.testing.TestDatabase;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresTransferIT extends TransferContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }

  /** faults C7: an import is tried before there is a schema, which it does not make. */
  @Test
  void aDryRunNeedsNoSchemaAndMakesNone() {
    done("track", "--model", "m", "--cost", "1");
    done("export", "all.jsonl");
    List<String> arguments = new ArrayList<>(databaseOptions());
    arguments.set(arguments.indexOf("--db-schema") + 1, "not_there_yet");
    arguments.addAll(List.of("import", "all.jsonl", "--dry-run", "--format", "json"));

    for (int i = 0; i < 2; i++) {
      Ran ran = bare(InputStream.nullInputStream(), arguments.toArray(String[]::new));

      ran.exits(Exit.DONE).says("no schema", "tried with an empty one", "nothing was written");
      assertThat(ran.objects())
          .anySatisfy(
              row -> assertThat(row).containsEntry("kind", "usage").containsEntry("added", 1L));
    }
  }
}
