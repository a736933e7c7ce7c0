package io.llmaccounting.sqlite;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.OwnedObjectContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class SqliteOwnedObjectContractTest extends OwnedObjectContract {
  @TempDir Path directory;

  @Override
  protected UsageBackend open(InstantSource clock) {
    return SqliteBackend.open(
        directory.resolve("usage.db"), SqliteSettings.defaults().clock(clock));
  }
}
