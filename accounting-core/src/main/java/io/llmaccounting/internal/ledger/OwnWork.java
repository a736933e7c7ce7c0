package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Worker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Does on threads of our own what callers have begun who do not wait: an executor of the
 * application's that has no room holds up the application's code and nothing else. What waits for
 * the store, and what waits for the disk of the spool, holds up neither each other nor the steps
 * between. Threads end by themselves while there is nothing to do. Safe for use by many threads.
 */
public final class OwnWork implements AutoCloseable {
  private static final int MOST_STEPS = 4;
  // as many share one wait for the disk
  private static final int MOST_WAITING = 16;
  private static final int MOST_WRITES = 10_000;
  private static final long IDLE_SECONDS = 60;

  private final ThreadPoolExecutor steps = threads(MOST_STEPS, "llm-accounting-steps");
  private final ThreadPoolExecutor reads = threads(MOST_WAITING, "llm-accounting-reads");
  private final ThreadPoolExecutor writes = threads(MOST_WAITING, "llm-accounting-writes");
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Worker.factory("llm-accounting-timer"));

  /** Starts no thread before there is something to do. */
  public OwnWork() {
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  private static ThreadPoolExecutor threads(int most, String name) {
    ThreadPoolExecutor made =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Worker.factory(name));
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  /** Does what waits for nothing. */
  void step(Runnable step) {
    execute(steps, step);
  }

  /** What {@code work} reads from the store. */
  <T> CompletableFuture<T> read(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> execute(reads, task));
  }

  /** What {@code work} came to, which writes to the spool; fails where too much waits for that. */
  <T> CompletableFuture<T> write(Supplier<T> work) {
    if (writes.getQueue().size() >= MOST_WRITES) {
      return CompletableFuture.failedFuture(
          new BackendException(
                  BackendException.Kind.UNAVAILABLE,
                  "%,d writes wait for the spool already; this was not written"
                      .formatted(MOST_WRITES))
              .of(BackendException.Origin.SPOOL));
    }
    return CompletableFuture.supplyAsync(work, task -> execute(writes, task));
  }

  // what comes after the close, or where no thread can be had, is done all the same, for whoever
  // waits for it
  private static void execute(Executor here, Runnable task) {
    try {
      here.execute(task);
    } catch (Throwable e) {
      try {
        Handoff.common().execute(task);
      } catch (Throwable noThread) {
        task.run();
      }
    }
  }

  /**
   * Runs {@code task} after a while unless that is cancelled before; it must not wait. After the
   * close it is not run: the ledger has refused by then whoever would wait for it.
   */
  Future<?> after(Duration time, Runnable task) {
    try {
      return timer.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return new FutureTask<>(task, true);
    }
  }

  /** Ends what is being read for records on their way to the ledger, at most for so long. */
  public void endReads(Duration most) {
    end(reads, System.nanoTime() + most.toNanos());
  }

  /** Ends what is on its way from the ledger to the spool, at most for so long. */
  public void endWrites(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    // what a step writes is written after it
    end(steps, end);
    end(writes, end);
  }

  // through interrupts: what is under way must not lose its ground
  private static void end(ThreadPoolExecutor threads, long end) {
    threads.shutdown();
    boolean interrupted = false;
    for (long left = 1; left > 0 && !threads.isTerminated(); left = end - System.nanoTime()) {
      try {
        boolean unused =
            threads.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Begins nothing any more; callers whose time is not over yet are told when it is. */
  @Override
  public void close() {
    reads.shutdown();
    steps.shutdown();
    writes.shutdown();
    timer.shutdown();
  }
}
