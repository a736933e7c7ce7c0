package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Worker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does on threads of our own what callers have begun who do not wait: an executor of the
 * application's that has no room holds up the application's code and nothing else. What waits for
 * the store, and what waits for the disk of the spool, holds up neither each other nor the steps
 * between. Threads end by themselves while there is nothing to do. Safe for use by many threads.
 */
public final class OwnWork implements AutoCloseable {
  private static final int MOST_STEPS = 4;
  // of those that take open amounts, as many share one wait for the disk
  private static final int MOST_WAITING = 16;
  private static final int MOST_READS = 10_000;
  private static final int MOST_WRITES = 10_000;
  private static final long IDLE_SECONDS = 60;

  private final ThreadPoolExecutor steps = threads(MOST_STEPS, "llm-accounting-steps");
  private final ThreadPoolExecutor reads = threads(MOST_WAITING, "llm-accounting-reads");
  private final ThreadPoolExecutor writes = threads(MOST_WAITING, "llm-accounting-writes");
  private final ThreadPoolExecutor asks = threads(1, "llm-accounting-prices");
  private final Set<Reading<?>> reading = ConcurrentHashMap.newKeySet();
  private volatile boolean readsNoMore;
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

  /**
   * What {@code work} reads from the store. Whoever asks is told in time, though a store that hangs
   * may keep the thread: the stage fails with a {@link BackendException} of kind UNAVAILABLE where
   * there is no answer within {@code most} or too much is being read, of kind CLOSED at the close.
   *
   * @param late hears that the store has not answered in time; must not wait
   */
  <T> CompletableFuture<T> read(Supplier<T> work, Duration most, Consumer<BackendException> late) {
    if (readsNoMore) {
      return CompletableFuture.failedFuture(closed());
    }
    if (reading.size() >= MOST_READS) {
      return CompletableFuture.failedFuture(
          unavailable("%,d reads wait for the store already".formatted(MOST_READS)));
    }
    Reading<T> one = new Reading<>(work);
    reading.add(one);
    Future<?> patience = after(most, () -> expire(one, most, late));
    CompletableFuture<T> unused =
        one.told.whenComplete(
            (read, error) -> {
              boolean unusedCancel = patience.cancel(false);
              reading.remove(one);
            });
    execute(reads, one);
    return one.told;
  }

  private void expire(Reading<?> one, Duration most, Consumer<BackendException> late) {
    if (!one.end()) {
      return;
    }
    BackendException error = unavailable("no answer from the store within " + most);
    if (one.isBegun) {
      late.accept(error);
    } else {
      boolean unused = reads.remove(one);
    }
    step(() -> one.told.completeExceptionally(error));
  }

  private static BackendException unavailable(String why) {
    return new BackendException(BackendException.Kind.UNAVAILABLE, why);
  }

  private static BackendException closed() {
    return new BackendException(
        BackendException.Kind.CLOSED, "accounting is closed; nothing more can be asked");
  }

  /** One that reads from the store; told once, by whoever ends it first. */
  private static final class Reading<T> implements Runnable {
    private final Supplier<T> work;
    private final CompletableFuture<T> told = new CompletableFuture<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile boolean isBegun;

    Reading(Supplier<T> work) {
      this.work = work;
    }

    boolean end() {
      return isOver.compareAndSet(false, true);
    }

    @Override
    public void run() {
      isBegun = true;
      if (isOver.get()) {
        return;
      }
      try {
        T read = work.get();
        if (end()) {
          told.complete(read);
        }
      } catch (Throwable e) {
        if (end()) {
          told.completeExceptionally(e);
        }
      }
    }
  }

  /**
   * What {@code work} asks of the application, which may answer late or never: one thread asks, and
   * nothing else needs it.
   */
  <T> CompletableFuture<T> ask(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> execute(asks, task));
  }

  /**
   * What {@code work} came to, which takes open amounts and waits until the spool has kept them;
   * fails where too much waits for that.
   */
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

  /** The outcome of {@code begun}, as a step of our own. */
  <T> CompletableFuture<T> await(Begun<T> begun) {
    Future<?> patience = after(begun.patience(), begun.giveUp());
    CompletableFuture<T> told = new CompletableFuture<>();
    CompletableFuture<T> unused =
        begun
            .outcome()
            .whenComplete(
                (value, error) -> {
                  boolean unusedCancel = patience.cancel(false);
                  step(() -> Stages.complete(told, value, error));
                });
    return told;
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

  /**
   * Ends what is being read for records on their way to the ledger, at most for so long; whoever
   * waits for the rest is told, so that a record goes on as it does where the store is away.
   */
  public void endReads(Duration most) {
    readsNoMore = true;
    end(reads, System.nanoTime() + most.toNanos());
    for (Reading<?> one : reading) {
      if (one.end()) {
        one.told.completeExceptionally(closed());
      }
    }
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
    asks.shutdown();
    timer.shutdown();
  }
}
