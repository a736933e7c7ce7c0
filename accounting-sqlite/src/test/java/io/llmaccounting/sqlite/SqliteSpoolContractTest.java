package io.llmaccounting.sqlite;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.testkit.contract.SpoolContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class SqliteSpoolContractTest extends SpoolContract {
  @TempDir Path folder;

  @Override
  protected Spool open(InstantSource clock) {
    return SqliteSpool.at(folder, SpoolSettings.defaults().clock(clock).maxBytes(800_000));
  }
}
