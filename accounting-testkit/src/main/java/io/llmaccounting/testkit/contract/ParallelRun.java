package io.llmaccounting.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Threads that start together. */
final class ParallelRun {
  private static final long PATIENCE_SECONDS = 120;

  private ParallelRun() {}

  /**
   * Runs {@code size} threads and returns their results; fails if one fails, or if they do not
   * finish.
   */
  static <T> List<T> of(int size, IntFunction<Callable<T>> member) {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      CountDownLatch ready = new CountDownLatch(size);
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        Callable<T> work = member.apply(i);
        running.add(
            threads.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  return work.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError("one of the threads failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError(
          "the threads did not finish within " + PATIENCE_SECONDS + " s: they may be deadlocked",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the threads were running", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
