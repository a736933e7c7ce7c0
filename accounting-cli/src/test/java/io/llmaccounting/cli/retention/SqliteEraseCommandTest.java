package io.llmaccounting.cli.retention;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteEraseCommandTest extends EraseCommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
