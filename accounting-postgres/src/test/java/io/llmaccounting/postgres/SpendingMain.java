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

/**
 * Tries calls of $0.10 for alice in eight threads and prints how many were admitted. Told to keep
 * them, it ends none and is gone without closing anything.
 */
final class SpendingMain {
  private static final int THREADS = 8;
  private static final int ATTEMPTS = 25;

  private SpendingMain() {}

  public static void main(String[] arguments) throws Exception {
    PostgresServer server = new PostgresServer(arguments[0], arguments[1], arguments[2]);
    PostgresSettings settings = PostgresSettings.defaults().schema(arguments[3]).poolSize(4);
    boolean keeps = arguments.length > 4;
    int admitted = 0;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        throw new IOException("nobody gave the start");
      }
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        work.add(() -> keeps ? keep(accounting) : spend(accounting));
      }
      for (Future<Integer> one : threads.invokeAll(work)) {
        admitted += one.get();
      }
      if (keeps) {
        System.out.println(admitted);
        System.out.flush();
        Runtime.getRuntime().halt(0);
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.println(admitted);
  }

  private static CallRequest request() {
    return CallRequest.to("gpt-5-mini")
        .user("alice")
        .inputTokens(10)
        .maxOutputTokens(10)
        .cost(Cost.usd("0.10"));
  }

  private static int keep(LlmAccounting accounting) {
    int admitted = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      admitted += accounting.quotas().reserve(request()).hold().isPresent() ? 1 : 0;
    }
    return admitted;
  }

  private static int spend(LlmAccounting accounting) {
    int admitted = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      try (LlmCall call = accounting.begin(request())) {
        call.succeeded(TokenUsage.of(10, 10), Cost.usd("0.10"));
        admitted++;
      } catch (QuotaExceededException e) {
        // counted by what was not admitted
      }
    }
    return admitted;
  }
}
