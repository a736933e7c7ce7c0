package io.llmaccounting.sqlite.crash;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import java.io.IOException;
import java.nio.file.Path;

/** Writes sealed entries in four threads until it has written its number, or is killed. */
final class SealingMain {
  private static final int THREADS = 4;

  private SealingMain() {}

  public static void main(String[] arguments) throws Exception {
    int each = Integer.parseInt(arguments[1]);
    try (LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(Path.of(arguments[0])))
            .audit(AuditSettings.defaults().sealed())
            .build()) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        throw new IOException("nobody gave the start");
      }
      Thread[] threads = new Thread[THREADS];
      for (int i = 0; i < THREADS; i++) {
        threads[i] = new Thread(() -> write(accounting, each));
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void write(LlmAccounting accounting, int count) {
    for (int i = 0; i < count; i++) {
      System.out.println(accounting.audit().prompt("prompt " + i).write());
    }
  }
}
