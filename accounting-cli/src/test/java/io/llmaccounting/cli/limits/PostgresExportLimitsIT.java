package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresExportLimitsIT extends ExportLimitsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
