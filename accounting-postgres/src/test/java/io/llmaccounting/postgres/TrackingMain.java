package io.llmaccounting.postgres;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tracks calls in two threads until told to stop, and prints each id once it is acknowledged. */
final class TrackingMain {
  private TrackingMain() {}

  public static void main(String[] arguments) throws Exception {
    PostgresServer server = new PostgresServer(arguments[0], arguments[1], arguments[2]);
    PostgresSettings settings = PostgresSettings.defaults().schema(arguments[3]).poolSize(4);
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (LlmAccounting accounting =
        LlmAccounting.builder(TestSchema.connect(server, settings))
            .timeout(Duration.ofMinutes(2))
            .build()) {
      Future<?> one = threads.submit(() -> track(accounting, stop));
      Future<?> other = threads.submit(() -> track(accounting, stop));
      int told = System.in.read();
      stop.set(true);
      one.get();
      other.get();
      System.out.println("stopped by " + told);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void track(LlmAccounting accounting, AtomicBoolean stop) {
    while (!stop.get()) {
      System.out.println(
          accounting
              .track()
              .model("gpt-5-mini")
              .user("alice")
              .inputTokens(10)
              .outputTokens(5)
              .cost(Cost.usd("0.000000007"))
              .record()
              .id());
    }
  }
}
