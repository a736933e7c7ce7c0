package io.llmaccounting.cli.retention;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresPurgeCommandIT extends PurgeCommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
