package io.llmaccounting.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import io.llmaccounting.cli.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** {@code backup} of a server is not ours to make. */
class PostgresBackupIT extends CommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }

  @Test
  void namesWhatDoesIt() {
    for (String format : new String[] {"table", "json", "csv"}) {
      run("--format", format, "backup", "a.db")
          .exits(Exit.FAILED)
          .says("pg_dump", "llm-accounting export");
    }
    assertThat(folder.resolve("a.db")).doesNotExist();
  }
}
