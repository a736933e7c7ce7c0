package io.llmaccounting.sqlite.crash;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.usage.Cost;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** Tracks calls in four threads without end, and prints each id once it is acknowledged. */
final class TrackingMain {
  private static final int THREADS = 4;

  private TrackingMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (LlmAccounting accounting =
        LlmAccounting.create(SqliteBackend.open(Path.of(arguments[0])))) {
      Thread[] threads = new Thread[THREADS];
      for (int i = 0; i < THREADS; i++) {
        String user = "user-" + i;
        threads[i] = new Thread(() -> track(accounting, user));
        threads[i].setUncaughtExceptionHandler((thread, error) -> failure.set(error));
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    throw new IllegalStateException("tracking ended by itself", failure.get());
  }

  private static void track(LlmAccounting accounting, String user) {
    while (true) {
      String id =
          accounting
              .track()
              .model("gpt-5-mini")
              .user(user)
              .project("crash")
              .inputTokens(100)
              .outputTokens(20)
              .cost(Cost.usd("0.000000007"))
              .record()
              .id()
              .toString();
      System.out.println(id);
    }
  }
}
