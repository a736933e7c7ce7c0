package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.Alert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Joins what waits into one ledger transaction after the other. One thread of its own; everything
 * else is safe for many threads.
 */
public final class Combiner implements AutoCloseable {
  private static final long FIRST_PAUSE_NANOS = 5_000_000;
  private static final long LONGEST_PAUSE_NANOS = 500_000_000;

  private final Ledger ledger;
  private final CurrentLimits limits;
  private final Duration timeout;
  private final Consumer<List<Alert>> alerts;
  private final RandomGenerator random;
  private final WaitingLine line = new WaitingLine();
  private final Thread thread;

  /**
   * Starts the combiner's thread.
   *
   * @param timeout how long an operation may take, repeats included
   * @param alerts is handed what fired, after its transaction is committed
   */
  public Combiner(
      Ledger ledger,
      CurrentLimits limits,
      Duration timeout,
      Consumer<List<Alert>> alerts,
      RandomGenerator random) {
    this.ledger = ledger;
    this.limits = limits;
    this.timeout = timeout;
    this.alerts = alerts;
    this.random = random;
    this.thread = new Thread(this::serve, "llm-accounting-ledger");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Books {@code operation} and waits for the outcome.
   *
   * @throws BackendException if it could not be booked
   */
  public <R> R book(Operation<R> operation) {
    operation.expireAt(System.nanoTime() + timeout.toNanos());
    line.join(operation);
    // the combiner gives up by itself; waiting longer than it does covers a store that never
    // answers
    return operation.await(timeout.multipliedBy(2));
  }

  private void serve() {
    while (true) {
      List<Operation<?>> batch = line.take();
      if (batch.isEmpty()) {
        return;
      }
      serve(batch);
    }
  }

  private void serve(List<Operation<?>> batch) {
    try {
      commit(batch);
    } catch (BackendException e) {
      if (batch.size() > 1 && e.kind() == BackendException.Kind.REJECTED) {
        batch.forEach(operation -> serve(List.of(operation)));
      } else {
        batch.forEach(operation -> operation.fail(e));
      }
    } catch (RuntimeException e) {
      isolate(batch, e);
    } catch (Error e) {
      batch.forEach(
          operation ->
              operation.fail(
                  new BackendException(
                      BackendException.Kind.UNAVAILABLE, "the ledger's thread failed: " + e, e)));
    }
  }

  private void isolate(List<Operation<?>> batch, RuntimeException error) {
    if (batch.size() > 1) {
      batch.forEach(operation -> serve(List.of(operation)));
    } else {
      batch.get(0).fail(error);
    }
  }

  private void commit(List<Operation<?>> batch) {
    List<Operation<?>> rest = new ArrayList<>(batch);
    long pause = FIRST_PAUSE_NANOS;
    boolean repeated = false;
    while (!rest.isEmpty()) {
      try {
        Booking booking = transact(rest, repeated);
        List<Alert> fired = List.copyOf(booking.alerts());
        rest.forEach(Operation::succeed);
        if (!fired.isEmpty()) {
          alerts.accept(fired);
        }
        return;
      } catch (StaleLimitsException e) {
        limits.reload();
      } catch (BackendException e) {
        if (!e.isPassing()) {
          throw e;
        }
        repeated = true;
        giveUpExpired(rest, e);
        LockSupport.parkNanos(pause / 2 + random.nextLong(pause));
        pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
      }
    }
  }

  private Booking transact(List<Operation<?>> operations, boolean repeated) {
    LimitIndex current = limits.current();
    Needs needs = new Needs(repeated);
    for (Operation<?> operation : operations) {
      operation.match(current);
      operation.need(needs);
    }
    Booking booking = new Booking(operations, current);
    ledger.transact(needs.toBatch(current.revision()), booking);
    return booking;
  }

  private void giveUpExpired(List<Operation<?>> rest, BackendException cause) {
    long now = System.nanoTime();
    rest.removeIf(
        operation -> {
          if (operation.isExpired(now)) {
            operation.fail(Operation.unknownOutcome(timeout, cause));
            return true;
          }
          return false;
        });
  }

  /** Serves what waits, then ends; later operations are refused. */
  @Override
  public void close() {
    line.close();
    boolean interrupted = false;
    long end = System.nanoTime() + timeout.multipliedBy(2).toNanos();
    while (thread.isAlive() && System.nanoTime() < end) {
      try {
        thread.join(TimeUnit.NANOSECONDS.toMillis(Math.max(1_000_000, end - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
