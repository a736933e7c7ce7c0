package io.llmaccounting.cli.sinks;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresSinksCommandsIT extends SinksCommandsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
