package io.llmaccounting.cli.upkeep;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresUpkeepIT extends UpkeepContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
