package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteApplyLimitsTest extends ApplyLimitsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
