package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteTrackTest extends TrackContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
