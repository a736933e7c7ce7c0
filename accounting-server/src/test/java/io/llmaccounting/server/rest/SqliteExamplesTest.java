package io.llmaccounting.server.rest;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.testkit.ManualClock;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteExamplesTest extends ExamplesContract {
  @TempDir Path folder;
  private int number;

  @Override
  void clear() {
    number++;
  }

  @Override
  UsageBackend open(ManualClock clock) {
    return SqliteBackend.open(
        folder.resolve(number + ".db"), SqliteSettings.defaults().clock(clock));
  }
}
