package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresApplyLimitsIT extends ApplyLimitsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
