package io.llmaccounting.cli;

import io.llmaccounting.cli.testing.TestDatabase;
import java.util.List;

class PostgresFormatsIT extends FormatsContract {
  @Override
  protected TestDatabase.Maker on() {
    return TestDatabase::postgres;
  }

  @Override
  protected List<String> missing() {
    return List.of("backup");
  }
}
