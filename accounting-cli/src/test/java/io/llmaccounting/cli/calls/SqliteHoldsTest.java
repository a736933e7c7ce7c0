package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteHoldsTest extends HoldsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
