package io.llmaccounting.internal.ledger;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;

/**
 * Hands work to the executor on which stages are completed, and with them runs code of the
 * application: never on the thread that hands it over, which others wait for. Safe for use by many
 * threads.
 */
public final class Handoff implements Executor {
  private final Executor executor;
  private final Executor spare;
  private final Consumer<RuntimeException> refused;
  private final Runnable takenAgain;
  private volatile boolean refuses;

  /**
   * Hands work to {@code executor}; what that refuses, or runs on the spot, to a spare one.
   *
   * @param refused hears of work that was refused
   * @param takenAgain hears that work is taken after some was refused
   */
  public Handoff(Executor executor, Consumer<RuntimeException> refused, Runnable takenAgain) {
    this.takenAgain = takenAgain;
    this.executor = executor;
    this.spare = common();
    this.refused = refused;
  }

  /** The pool that all share, or where it has no threads a thread for each task. */
  public static Executor common() {
    return ForkJoinPool.getCommonPoolParallelism() > 0
        ? ForkJoinPool.commonPool()
        : task -> new Thread(task, "llm-accounting-stage").start();
  }

  @Override
  public void execute(Runnable task) {
    Thread here = Thread.currentThread();
    try {
      executor.execute(() -> taken(task, here));
    } catch (Throwable e) {
      // whoever waits for the task would wait for ever
      refuses = true;
      runElsewhere(
          () -> {
            refused.accept(e instanceof RuntimeException known ? known : failed(e));
            task.run();
          });
    }
  }

  private static RuntimeException failed(Throwable error) {
    return new IllegalStateException("the executor failed: " + error, error);
  }

  private void runElsewhere(Runnable task) {
    try {
      spare.execute(task);
    } catch (Throwable e) {
      // no thread can be had: better here than never
      task.run();
    }
  }

  private void taken(Runnable task, Thread from) {
    if (Thread.currentThread() == from) {
      runElsewhere(task);
      return;
    }
    if (refuses) {
      refuses = false;
      takenAgain.run();
    }
    task.run();
  }
}
