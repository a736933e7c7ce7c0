package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.testing.TestDatabase;

class SqliteDirectoryTest extends DirectoryCommandContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }
}
