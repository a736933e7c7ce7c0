package io.llmaccounting.cli.select;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresSelectIT extends SelectContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
