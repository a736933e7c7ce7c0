package io.llmaccounting.internal.ledger;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands work to the executor on which stages are completed, and with them runs code of the
 * application: never on the thread that hands it over, which others wait for. Nor does that thread
 * wait for an executor that has no room: a thread in between does. Safe for use by many threads.
 */
public final class Handoff implements Executor, AutoCloseable {
  private static final long IDLE_SECONDS = 60;
  private static final Executor ON_THREADS =
      task -> new Thread(task, "llm-accounting-stage").start();

  private final Executor executor;
  private final Executor spare;
  private final Executor between;
  private final Consumer<RuntimeException> refused;
  private final Runnable takenAgain;
  // what is told of refusals, in the order in which they were met
  private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);
  private boolean refuses;

  /**
   * Hands work to {@code executor}, and work that it refuses, or runs on the spot, to a spare one.
   *
   * @param refused hears of work that was refused
   * @param takenAgain hears that work is taken after some was refused
   */
  public Handoff(Executor executor, Consumer<RuntimeException> refused, Runnable takenAgain) {
    this.takenAgain = takenAgain;
    this.executor = executor;
    this.spare = common();
    this.between = neverBlocks(executor) ? Runnable::run : oneThread();
    this.refused = refused;
  }

  private static boolean neverBlocks(Executor executor) {
    return executor instanceof ForkJoinPool || executor == ON_THREADS;
  }

  // this thread ends by itself while there is nothing to hand over
  private static ThreadPoolExecutor oneThread() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              // the thread inherits nothing from the thread that happens to need it first
              Thread thread = new Thread(null, task, "llm-accounting-handoff", 0, false);
              thread.setDaemon(true);
              return thread;
            });
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  /** The pool that all share, or where it has no threads a thread for each task. */
  public static Executor common() {
    return ForkJoinPool.getCommonPoolParallelism() > 0 ? ForkJoinPool.commonPool() : ON_THREADS;
  }

  @Override
  public void execute(Runnable task) {
    try {
      between.execute(() -> handOver(task));
    } catch (Throwable e) {
      // the thread in between is closed, or none can be had
      runElsewhere(task);
    }
  }

  private void handOver(Runnable task) {
    Thread here = Thread.currentThread();
    try {
      executor.execute(() -> taken(task, here));
    } catch (Throwable e) {
      // errors are caught too: whoever waits for the task would wait for ever
      CompletableFuture<Void> unused = after(refusal(e), task);
      return;
    }
    accepted();
  }

  private synchronized CompletableFuture<Void> refusal(Throwable error) {
    refuses = true;
    return tell(() -> refused.accept(error instanceof RuntimeException e ? e : failed(error)));
  }

  // only work that was handed over after the refusal counts, not what waited in the executor by
  // then
  private synchronized void accepted() {
    if (refuses) {
      refuses = false;
      CompletableFuture<Void> unused = tell(takenAgain);
    }
  }

  // elsewhere, because it runs code of the application
  private CompletableFuture<Void> tell(Runnable news) {
    told = after(told, news);
    return told;
  }

  private CompletableFuture<Void> after(CompletableFuture<Void> first, Runnable task) {
    return first.handleAsync(
        (done, failure) -> {
          task.run();
          return null;
        },
        this::runElsewhere);
  }

  private static RuntimeException failed(Throwable error) {
    return new IllegalStateException("the executor failed: " + error, error);
  }

  private void runElsewhere(Runnable task) {
    try {
      spare.execute(task);
    } catch (Throwable e) {
      // no thread can be had: running the task here is better than never
      task.run();
    }
  }

  private void taken(Runnable task, Thread from) {
    if (Thread.currentThread() == from) {
      runElsewhere(task);
      return;
    }
    task.run();
  }

  /**
   * Closes the thread in between. Work that was handed over before still reaches the executor;
   * later work goes to the spare one.
   */
  @Override
  public void close() {
    if (between instanceof ThreadPoolExecutor one) {
      one.shutdown();
    }
  }
}
