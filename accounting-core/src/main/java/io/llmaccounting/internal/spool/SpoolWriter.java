package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.internal.health.Meters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Joins what waits into one write of the spool after the other, so that many callers share one wait
 * for the disk. One thread of its own; everything else is safe for many threads.
 */
public final class SpoolWriter {
  private static final int MOST_CALLS = 1_024;
  private static final int ATTEMPTS = 3;
  private static final long PAUSE_NANOS = 10_000_000;

  private final Spool spool;
  private final Duration timeout;
  private final Meters meters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Wish> waiting = new ArrayDeque<>();
  private final Thread thread;
  private boolean closed;

  private record Wish(
      List<SpooledCall> calls, Map<OpenLimit, Long> opened, CompletableFuture<Boolean> outcome) {}

  /** Starts the writer's thread; callers wait at most {@code timeout}. */
  public SpoolWriter(Spool spool, Duration timeout, Meters meters) {
    this.spool = spool;
    this.timeout = timeout;
    this.meters = meters;
    this.thread = new Thread(this::serve, "llm-accounting-spool");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Writes calls and open amounts, durable when it returns.
   *
   * @throws io.llmaccounting.backend.SpoolFullException if there is no room
   * @throws BackendException if it failed, or took longer than the timeout; the calls may be there
   *     all the same
   */
  public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    Wish wish = new Wish(calls, opened, new CompletableFuture<>());
    lock.lock();
    try {
      if (closed) {
        throw new BackendException(
            BackendException.Kind.CLOSED, "accounting is closed; nothing more can be recorded");
      }
      waiting.add(wish);
      arrived.signal();
    } finally {
      lock.unlock();
    }
    await(wish.outcome);
  }

  private void await(CompletableFuture<Boolean> outcome) {
    boolean interrupted = false;
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        try {
          outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          outcome.completeExceptionally(
              new BackendException(
                  BackendException.Kind.UNAVAILABLE,
                  "no answer from the spool within %s; it may or may not have been written: repeat it under the same id or key"
                      .formatted(timeout)));
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException known
              ? known
              : new IllegalStateException("writing to the spool failed", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void serve() {
    while (true) {
      List<Wish> together = take();
      if (together.isEmpty()) {
        return;
      }
      write(together);
    }
  }

  private List<Wish> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        arrived.awaitUninterruptibly();
      }
      List<Wish> together = new ArrayList<>();
      int calls = 0;
      while (!waiting.isEmpty() && calls < MOST_CALLS) {
        Wish next = waiting.remove();
        calls += next.calls.size();
        together.add(next);
      }
      return together;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Wish> together) {
    together.removeIf(wish -> wish.outcome.isDone());
    List<SpooledCall> calls = new ArrayList<>();
    Map<OpenLimit, Long> opened = new HashMap<>();
    for (Wish wish : together) {
      calls.addAll(wish.calls);
      wish.opened.forEach((limit, amount) -> opened.merge(limit, amount, Math::addExact));
    }
    try {
      appendPatiently(calls, opened);
      meters.count(Meters.Count.SPOOLED, calls.size());
      together.forEach(wish -> wish.outcome.complete(true));
    } catch (RuntimeException | Error e) {
      if (together.size() > 1) {
        // what does not fit together may fit alone
        together.forEach(wish -> write(new ArrayList<>(List.of(wish))));
      } else {
        together.forEach(wish -> wish.outcome.completeExceptionally(e));
      }
    }
  }

  private void appendPatiently(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    for (int attempt = 1; ; attempt++) {
      try {
        spool.append(calls, opened);
        return;
      } catch (BackendException e) {
        // calls that are there twice are booked once, but amounts would be added twice
        if (!e.isPassing() || attempt == ATTEMPTS || !opened.isEmpty()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Writes what waits, at most for {@code deadline}, then ends; later calls are refused. */
  public void close(Duration deadline) {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Math.max(1, deadline.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
