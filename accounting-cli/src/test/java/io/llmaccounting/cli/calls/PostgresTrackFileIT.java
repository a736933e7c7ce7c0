package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresTrackFileIT extends TrackFileContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
