package io.llmaccounting.cli.sinks;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteSinksCommandsTest extends SinksCommandsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
