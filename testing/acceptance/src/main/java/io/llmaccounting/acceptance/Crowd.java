package io.llmaccounting.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that begin at the same moment. */
final class Crowd {
  private Crowd() {}

  /** What one of them does. */
  interface Work {
    void run(int number) throws Exception;
  }

  /** Runs {@code work} on so many threads and throws what the first that failed threw. */
  static void run(int threads, Work work) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        ends.add(
            executor.submit(
                () -> {
                  start.await();
                  work.run(number);
                  return true;
                }));
      }
      for (Future<?> end : ends) {
        end.get(120, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
