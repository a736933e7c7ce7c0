package io.llmaccounting.cli.spool;

import io.llmaccounting.cli.testing.TestDatabase;

class PostgresSpoolCommandsIT extends SpoolCommandsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }
}
