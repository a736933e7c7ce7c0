package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteTransferTest extends TransferContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
