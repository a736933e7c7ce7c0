package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteLimitsTest extends LimitsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
