package io.llmaccounting.acceptance;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class SqliteHealthTest extends HealthAcceptance {
  @TempDir Path directory;

  @Override
  protected UsageBackend open(InstantSource clock) {
    return SqliteBackend.open(
        directory.resolve("usage.db"), SqliteSettings.defaults().clock(clock));
  }

  @Override
  protected Spool openSpool(InstantSource clock, long maxBytes) {
    return SqliteSpool.at(
        directory.resolve("spool"), SpoolSettings.defaults().clock(clock).maxBytes(maxBytes));
  }
}
