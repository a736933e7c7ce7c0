package io.llmaccounting.cli.spool;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteSpoolCommandsTest extends SpoolCommandsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
