package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteTrackHistoryTest extends TrackHistoryContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
