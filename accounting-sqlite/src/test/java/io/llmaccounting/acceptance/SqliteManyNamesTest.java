package io.llmaccounting.acceptance;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class SqliteManyNamesTest extends ManyNamesAcceptance {
  @TempDir Path directory;

  @Override
  protected UsageBackend open(InstantSource clock) {
    return SqliteBackend.open(
        directory.resolve("usage.db"), SqliteSettings.defaults().clock(clock));
  }
}
