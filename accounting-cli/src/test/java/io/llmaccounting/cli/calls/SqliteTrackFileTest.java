package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteTrackFileTest extends TrackFileContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
