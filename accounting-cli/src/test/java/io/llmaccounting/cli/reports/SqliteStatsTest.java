package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteStatsTest extends StatsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
