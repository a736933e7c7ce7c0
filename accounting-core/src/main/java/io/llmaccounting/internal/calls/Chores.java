package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.health.Worker;
import io.llmaccounting.internal.ledger.Stages;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due from time to time, on a thread of its own: a chore that waits for the store
 * keeps no listener from hearing that the store is away. Safe for use by many threads.
 */
public final class Chores {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

  private final Failures failures;
  private final ScheduledThreadPoolExecutor thread;

  /**
   * Starts without a chore; what fails is told to {@code failures}, {@code name} is the thread's.
   */
  public Chores(Failures failures, String name) {
    this.failures = failures;
    this.thread = new ScheduledThreadPoolExecutor(1, Worker.heirs(name));
    // a chore for later must keep neither thread nor store until then
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Begins {@code task} from time to time, whatever became of the last.
   *
   * @param task its outcome is false if something failed and was told already
   */
  public void every(long millis, Consequence ifItFails, Supplier<CompletableFuture<Boolean>> task) {
    every(millis, millis, ifItFails, task);
  }

  /** Begins {@code task} now and then from time to time, as {@link #every} does. */
  void nowAndEvery(long millis, Consequence ifItFails, Supplier<CompletableFuture<Boolean>> task) {
    every(0, millis, ifItFails, task);
  }

  private void every(
      long first, long millis, Consequence ifItFails, Supplier<CompletableFuture<Boolean>> task) {
    schedule(
        () ->
            thread.scheduleWithFixedDelay(
                () -> begin(ifItFails, task), first, millis, TimeUnit.MILLISECONDS));
  }

  private static void schedule(Supplier<ScheduledFuture<?>> chore) {
    try {
      ScheduledFuture<?> unused = chore.get();
    } catch (RejectedExecutionException e) {
      LOG.debug("accounting is closing, a chore is left", e);
    }
  }

  private void begin(Consequence ifItFails, Supplier<CompletableFuture<Boolean>> task) {
    CompletableFuture<Boolean> unused =
        Stages.of(task).whenComplete((worked, error) -> here(() -> tell(ifItFails, worked, error)));
  }

  /** Runs {@code task} on the thread for chores: no step of the ledger waits for it. */
  void here(Runnable task) {
    if (!soon(task)) {
      task.run();
    }
  }

  /** Runs {@code task} once the chores before it are done; false after the close. */
  boolean soon(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void tell(Consequence ifItFails, Boolean worked, @Nullable Throwable error) {
    run(
        failures,
        ifItFails,
        () -> {
          if (error != null) {
            throw Stages.thrown(error);
          }
          return worked;
        });
  }

  /** Runs {@code task} once after a while; not after the close. */
  void after(long millis, Consequence ifItFails, Runnable task) {
    schedule(
        () -> thread.schedule(() -> run(failures, ifItFails, task), millis, TimeUnit.MILLISECONDS));
  }

  /** Runs {@code task} and tells {@code failures} whether it worked. */
  static void run(Failures failures, Consequence ifItFails, Runnable task) {
    run(
        failures,
        ifItFails,
        () -> {
          task.run();
          return true;
        });
  }

  private static void run(Failures failures, Consequence ifItFails, BooleanSupplier task) {
    boolean worked;
    try {
      worked = task.getAsBoolean();
    } catch (Throwable e) {
      // an outage is told by the breaker, once it lasts
      failures.containUnlessKnown(ifItFails, e);
      return;
    }
    if (worked) {
      failures.worked(ifItFails);
    }
  }

  /** Begins nothing any more; what is under way is waited for, at most for so long. */
  public void close(Duration most) {
    thread.shutdown();
    try {
      boolean unused = thread.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // it goes on, and whoever closes too
      Thread.currentThread().interrupt();
    }
  }
}
