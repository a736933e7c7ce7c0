package io.llmaccounting.cli.upkeep;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteUpkeepTest extends UpkeepContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
