package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresHistoryIT extends HistoryContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
