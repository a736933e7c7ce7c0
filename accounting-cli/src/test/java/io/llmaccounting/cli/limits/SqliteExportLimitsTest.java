package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteExportLimitsTest extends ExportLimitsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
