package io.llmaccounting.sqlite;

import io.llmaccounting.acceptance.WholeLife;
import java.nio.file.Path;

/** Lives a whole life on the file that is named. */
final class LifeMain {
  private LifeMain() {}

  public static void main(String[] arguments) {
    WholeLife.on(() -> SqliteBackend.open(Path.of(arguments[0])));
  }
}
