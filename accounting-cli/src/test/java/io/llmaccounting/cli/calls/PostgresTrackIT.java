package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresTrackIT extends TrackContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
