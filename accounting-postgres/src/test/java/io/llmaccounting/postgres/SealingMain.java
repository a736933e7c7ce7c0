package io.llmaccounting.postgres;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testing.postgres.PostgresServer;
import java.io.IOException;

/** Writes so many sealed entries in each of four threads. */
final class SealingMain {
  private static final int THREADS = 4;

  private SealingMain() {}

  public static void main(String[] arguments) throws Exception {
    PostgresServer server = new PostgresServer(arguments[0], arguments[1], arguments[2]);
    PostgresSettings settings = PostgresSettings.defaults().schema(arguments[3]).poolSize(4);
    int each = Integer.parseInt(arguments[4]);
    try (LlmAccounting accounting =
        LlmAccounting.builder(TestSchema.connect(server, settings))
            .audit(AuditSettings.defaults().sealed())
            .build()) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        throw new IOException("nobody gave the start");
      }
      Thread[] threads = new Thread[THREADS];
      for (int i = 0; i < THREADS; i++) {
        threads[i] =
            new Thread(
                () -> {
                  for (int n = 0; n < each; n++) {
                    System.out.println(accounting.audit().prompt("prompt " + n).write());
                  }
                });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
