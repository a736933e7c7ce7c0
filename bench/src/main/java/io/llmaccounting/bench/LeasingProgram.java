package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A process that tries calls of a cent, and prints how many were let in, and in how long. */
final class LeasingProgram {
  private static final int THREADS = 8;
  private static final Cost CENT = Cost.usd("0.01");

  private LeasingProgram() {}

  public static void main(String[] arguments) throws Exception {
    int attempts = Integer.parseInt(arguments[3]) / THREADS;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (LlmAccounting accounting = LlmAccounting.create(BenchProcess.address(arguments).open());
        PrintStream out =
            new PrintStream(
                new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        work.add(() -> spend(accounting, attempts));
      }
      long start = System.nanoTime();
      int admitted = 0;
      for (Future<Integer> one : threads.invokeAll(work)) {
        admitted += one.get();
      }
      out.println(admitted);
      out.println((System.nanoTime() - start) / 1e9);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int spend(LlmAccounting accounting, int attempts) {
    CallRequest request = CallRequest.to("gpt-5-mini").inputTokens(1).maxOutputTokens(1).cost(CENT);
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      try (LlmCall call = accounting.begin(request)) {
        call.succeeded(TokenUsage.of(1, 1), CENT);
        admitted++;
      } catch (QuotaExceededException denied) {
        // whoever counts the admitted knows how many were not
      }
    }
    return admitted;
  }
}
