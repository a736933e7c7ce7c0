package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteTailTest extends TailContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
