package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.quota.LimitIndex;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that waits to be booked. Made by one thread, worked on by the combiner's; its outcome
 * is safe to await from any.
 *
 * @param <R> the outcome
 */
public abstract class Operation<R> {
  private final CompletableFuture<R> outcome = new CompletableFuture<>();
  private long deadline = Long.MAX_VALUE;
  private @Nullable R result;
  private @Nullable HoldGone refusal;

  Operation() {}

  /** Names everything that only one operation of a batch may touch: ids, keys and holds. */
  abstract void claims(Consumer<Object> claim);

  /** Finds the limits that watch it. */
  abstract void match(LimitIndex limits);

  /** Says which counters and holds it needs. */
  abstract void need(Needs needs);

  /** Adds the records that it wants stored. */
  void stamp(Booking booking) {}

  /** Books it; called again from the start when the transaction is repeated. */
  abstract R decide(Booking booking);

  /** How many records it brings. */
  int weight() {
    return 1;
  }

  final void book(Booking booking) {
    result = null;
    refusal = null;
    try {
      result = decide(booking);
    } catch (HoldGone e) {
      refusal = e;
    }
  }

  final void succeed() {
    R booked = result;
    if (refusal != null) {
      outcome.completeExceptionally(refusal);
    } else if (booked == null) {
      outcome.completeExceptionally(new IllegalStateException("committed before it was booked"));
    } else {
      outcome.complete(booked);
    }
  }

  final void fail(RuntimeException error) {
    outcome.completeExceptionally(error);
  }

  final void expireAt(long nanoTime) {
    this.deadline = nanoTime;
  }

  final boolean isExpired(long nanoTime) {
    return deadline != Long.MAX_VALUE && nanoTime - deadline >= 0;
  }

  /**
   * Waits for the outcome, through interrupts: what is under way cannot be called back.
   *
   * @throws BackendException of kind UNAVAILABLE if there is none within {@code timeout}
   */
  final R await(Duration timeout) {
    boolean interrupted = false;
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        try {
          return outcome.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          throw unknownOutcome(timeout, e);
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException known
        ? known
        : new IllegalStateException("operation failed", cause);
  }

  static BackendException unknownOutcome(Duration timeout, @Nullable Throwable cause) {
    return new BackendException(
        BackendException.Kind.UNAVAILABLE,
        "no answer from the store within %s; it may or may not have been booked: repeat it under the same id or key"
            .formatted(timeout),
        cause);
  }
}
