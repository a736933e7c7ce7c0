package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.WholeLife;
import io.llmaccounting.testing.postgres.PostgresServer;

/** Lives a whole life in the schema that is named. */
final class LifeMain {
  private LifeMain() {}

  public static void main(String[] arguments) {
    PostgresServer server = new PostgresServer(arguments[0], arguments[1], arguments[2]);
    PostgresSettings settings = PostgresSettings.defaults().schema(arguments[3]).poolSize(4);
    WholeLife.on(() -> TestSchema.connect(server, settings));
  }
}
