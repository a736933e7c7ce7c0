package io.llmaccounting.postgres;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testing.postgres.PostgresServer;
import java.io.IOException;

/** Connects when told to, tracks one call, and prints that it is healthy. */
final class StartingMain {
  private StartingMain() {}

  public static void main(String[] arguments) throws IOException {
    PostgresServer server = new PostgresServer(arguments[0], arguments[1], arguments[2]);
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new IOException("nobody gave the start");
    }
    PostgresSettings settings = PostgresSettings.defaults().schema(arguments[3]).poolSize(4);
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      accounting.track().model("gpt-5-mini").inputTokens(1).outputTokens(1).record();
    }
    System.out.println("healthy");
  }
}
