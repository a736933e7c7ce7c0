package io.llmaccounting.postgres;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tries calls of $0.01 in eight threads and prints how many were let in. */
final class LeasingMain {
  private static final int THREADS = 8;
  private static final Cost CENT = Cost.usd("0.01");

  private LeasingMain() {}

  public static void main(String[] arguments) throws Exception {
    PostgresServer server = new PostgresServer(arguments[0], arguments[1], arguments[2]);
    PostgresSettings settings = PostgresSettings.defaults().schema(arguments[3]).poolSize(4);
    int attempts = Integer.parseInt(arguments[4]) / THREADS;
    int admitted = 0;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        throw new IOException("nobody gave the start");
      }
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        work.add(() -> spend(accounting, attempts));
      }
      for (Future<Integer> one : threads.invokeAll(work)) {
        admitted += one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.println(admitted);
  }

  private static int spend(LlmAccounting accounting, int attempts) {
    CallRequest request = CallRequest.to("gpt-5-mini").inputTokens(1).maxOutputTokens(1).cost(CENT);
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      try (LlmCall call = accounting.begin(request)) {
        call.succeeded(TokenUsage.of(1, 1), CENT);
        admitted++;
      } catch (QuotaExceededException e) {
        // counted by what was not admitted
      }
    }
    return admitted;
  }
}
