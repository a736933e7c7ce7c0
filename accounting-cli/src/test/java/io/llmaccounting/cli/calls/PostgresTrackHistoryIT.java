package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresTrackHistoryIT extends TrackHistoryContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
