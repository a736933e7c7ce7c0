package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresLimitsIT extends LimitsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
