package io.llmaccounting.cli;

import io.llmaccounting.cli.testing.TestDatabase;
import java.util.List;

class SqliteFormatsTest extends FormatsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::sqlite;
  }

  @Override
  protected List<String> missing() {
    return List.of();
  }
}
