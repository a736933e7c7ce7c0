package io.llmaccounting.cli.audit;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteAuditCommandsTest extends AuditContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
