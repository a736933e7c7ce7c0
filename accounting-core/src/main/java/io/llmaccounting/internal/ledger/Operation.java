package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpreadLedger;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.LimitIndex;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that waits to be booked. Made by one thread, worked on by the group commit's; its
 * outcome is safe to await from any.
 *
 * @param <R> the outcome
 */
public abstract class Operation<R> {
  private final CompletableFuture<R> outcome = new CompletableFuture<>();
  private volatile boolean attempted;
  private volatile @Nullable RuntimeException obstacle;
  private volatile boolean timedOut;
  private @Nullable R result;
  private @Nullable HoldGone refusal;
  // true if this was booked after its caller had been told that it may not be
  private @Nullable R unclaimed;
  private boolean withdrawn;
  // whether a transaction with it is under way, or one was whose answer was lost
  private boolean isSent;
  private boolean mayBeBooked;
  private boolean undone;

  Operation() {}

  /** Names everything that only one operation of a batch may touch: ids, keys and holds. */
  abstract void claims(Consumer<Object> claim);

  /** Finds the limits that watch it. */
  abstract void match(LimitIndex limits);

  /** Says which counters and holds it needs. */
  abstract void need(Needs needs);

  /**
   * Where all lies that it touches, once it is matched; 0 where it touches what is at home, such as
   * counters and holds, or more than one place.
   */
  int place(Places places) {
    return SpreadLedger.HOME;
  }

  /** Adds the records that it wants stored. */
  void stamp(LedgerTransaction transaction) {}

  /** Books it; called again from the start when the transaction is repeated. */
  abstract R decide(LedgerTransaction transaction);

  /** How many records it brings to the transaction. */
  int weight() {
    return 1;
  }

  /**
   * True if it waits for a store that is away, until its time is over; false if it fails at once.
   */
  boolean outlastsOutages() {
    return false;
  }

  /** Names expired holds that whoever waits for it is about to end. */
  void spare(Set<UUID> holds) {}

  /**
   * The operation that undoes {@code booked} where nobody learned of that; null where nothing is to
   * be undone.
   */
  @Nullable Operation<?> undoing(R booked) {
    return null;
  }

  /**
   * The operation that undoes this one where nobody knows whether it was booked; null where nothing
   * is to be undone.
   */
  @Nullable Operation<?> undoingIfBooked() {
    return null;
  }

  /** True if somebody is to be told the outcome; false if it is only worth trying. */
  boolean isAwaited() {
    return true;
  }

  /**
   * Notes that a transaction with it has failed, and that it may be sent again. Called by the group
   * commit's thread.
   *
   * @param mayBeBooked whether it may have been committed all the same
   */
  void attemptFailed(boolean mayBeBooked) {}

  /** Notes that nothing will come of it any more. Called by the group commit's thread. */
  void abandoned() {}

  /** Counts what was committed. */
  void count(R booked, Meters meters) {}

  /** True if it was sent to the store: if it fails then, it may have been booked all the same. */
  public final boolean wasAttempted() {
    return attempted;
  }

  /** True if its caller gave up waiting. */
  final boolean timedOut() {
    return timedOut;
  }

  final synchronized void attempt() {
    attempted = true;
    isSent = true;
  }

  /** Notes that the attempt has failed; the operation may have been booked all the same. */
  final void missed(boolean unsure) {
    synchronized (this) {
      isSent = false;
      mayBeBooked |= unsure;
    }
    attemptFailed(unsure);
  }

  /** True if its caller was answered already and nobody waits for it: it is then given up. */
  final boolean isGivenUp() {
    if (!outcome.isDone()) {
      return false;
    }
    abandoned();
    return true;
  }

  final void book(LedgerTransaction transaction) {
    result = null;
    refusal = null;
    try {
      result = decide(transaction);
    } catch (HoldGone e) {
      refusal = e;
    }
  }

  /**
   * Completes the operation after its commit.
   *
   * @param undo is handed the operation that undoes this one, where its caller has given up
   */
  final void succeed(Meters meters, Consumer<Operation<?>> undo) {
    R booked = result;
    if (booked == null) {
      abandoned();
    } else {
      count(booked, meters);
    }
    if (refusal != null) {
      outcome.completeExceptionally(refusal);
    } else if (booked == null) {
      outcome.completeExceptionally(new IllegalStateException("committed before it was booked"));
    } else if (!outcome.complete(booked)) {
      Operation<?> undoing = unclaimed(booked);
      if (undoing != null) {
        undo.accept(undoing);
      }
    }
  }

  private synchronized @Nullable Operation<?> unclaimed(R booked) {
    isSent = false;
    mayBeBooked = false;
    unclaimed = booked;
    return withdrawn && !undone ? undoing(booked) : null;
  }

  /** Gives the operation up, where nobody waits for it. */
  final void giveUp() {
    outcome.completeExceptionally(new CancellationException("given up"));
  }

  /**
   * Gives the operation up for its caller; returns what undoes it where it was booked, or may be,
   * and the caller does not know. What undoes it comes after a transaction that is under way.
   */
  final @Nullable Operation<?> withdraw() {
    outcome.completeExceptionally(new CancellationException("withdrawn before it was booked"));
    boolean isUntold = outcome.isCompletedExceptionally();
    synchronized (this) {
      withdrawn = true;
      R booked = unclaimed;
      unclaimed = null;
      if (booked != null) {
        return undoing(booked);
      }
      // what is given up is not tried again, so that nobody would learn whether it was booked
      if (undone || !isUntold || !(mayBeBooked || isSent)) {
        return null;
      }
      undone = true;
      return undoingIfBooked();
    }
  }

  /** Has {@code told} hear of the outcome, on the thread that it becomes known on. */
  final void whenBooked(BiConsumer<R, @Nullable Throwable> told) {
    CompletableFuture<R> unused = outcome.whenComplete(told);
  }

  /**
   * Ends the waiting because the operation's time is over; returns what its caller is told, or null
   * if it was told already.
   */
  final @Nullable BackendException expire(Duration timeout) {
    BackendException late = unknownOutcome(timeout, obstacle);
    timedOut = outcome.completeExceptionally(late);
    return timedOut ? late : null;
  }

  /** Ends the waiting because the ledger closes and has not answered. */
  final void endUnanswered() {
    outcome.completeExceptionally(
        new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "no answer from the store before the accounting was closed; it may or may not have been"
                + " booked: repeat it under the same id or key",
            obstacle));
  }

  final void fail(RuntimeException error) {
    abandoned();
    outcome.completeExceptionally(error);
  }

  /** Notes that the operation failed for now; a caller that gives up waiting is told why. */
  final void hinder(RuntimeException error) {
    this.obstacle = error;
  }

  /**
   * Waits for the outcome, also through interrupts: a transaction under way cannot be called back.
   *
   * @param end until when, by {@link System#nanoTime}: {@code timeout} after it was begun
   * @throws BackendException of kind UNAVAILABLE if there is none by then
   */
  final R await(Duration timeout, long end) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return outcome.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          BackendException unused = expire(timeout);
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

  // A failure of a batch is a failure for all its callers: each gets an exception of its own.
  static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof BackendException shared) {
      return shared.anew();
    }
    return cause instanceof RuntimeException known
        ? known
        : new IllegalStateException("operation failed", cause);
  }

  private static BackendException unknownOutcome(
      Duration timeout, @Nullable RuntimeException obstacle) {
    String what =
        obstacle == null
            ? "no answer from the store within " + timeout
            : "not booked within %s: %s".formatted(timeout, obstacle.getMessage());
    return new BackendException(
        obstacle instanceof BackendException known && known.kind() == BackendException.Kind.BUSY
            ? BackendException.Kind.BUSY
            : BackendException.Kind.UNAVAILABLE,
        what + "; it may or may not have been booked: repeat it under the same id or key",
        obstacle);
  }
}
