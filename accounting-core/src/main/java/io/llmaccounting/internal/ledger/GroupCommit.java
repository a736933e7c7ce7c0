package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Joins operations that wait into one ledger transaction after the other; while the breaker is
 * open, it only tries now and then. One thread of its own; all else is safe for many threads.
 */
public final class GroupCommit {
  private final Parts parts;
  private final CommitQueue queue = new CommitQueue(System::nanoTime);
  private final OwnThread thread;
  private final LookOut lookOut = new LookOut();
  private final Way waiting = new Waiting(this);
  private final ManyNames names;
  private final Unsure unsure = new Unsure();
  // operations of which nobody knows whether they were booked: they are tried until it is known
  private @Nullable ExpireOperation expiring;
  private boolean limitsChanged;

  /**
   * What a group commit works with.
   *
   * @param timeout how long an operation may take, repeats included
   * @param alerts is handed alerts that fired, after their transaction is committed
   * @param expiry what becomes of expired holds that a transaction meets
   * @param broke hears what the group commit's thread has thrown
   * @param pause waits so many nanoseconds
   * @param handoff completes the stages of those who do not wait, {@code own} does all before that
   * @param balances the leases of this process
   */
  public record Parts(
      Ledger ledger,
      CurrentLimits limits,
      Duration timeout,
      Consumer<List<Alert>> alerts,
      Expiry expiry,
      Consumer<RuntimeException> broke,
      RandomGenerator random,
      Breaker breaker,
      Meters meters,
      Refusals refusals,
      LongConsumer pause,
      OwnWork own,
      Handoff handoff,
      Balances balances) {}

  /** Starts the group commit's thread. */
  public GroupCommit(Parts parts) {
    this.parts = parts;
    this.names = new ManyNames(parts.meters());
    this.thread = new OwnThread("llm-accounting-ledger", this::serve, this::brokeOff);
    thread.start();
  }

  /**
   * Books {@code operation} and waits for the outcome, at most for the timeout.
   *
   * @throws BackendException if it could not be booked
   */
  public <R> R book(Operation<R> operation) {
    join(operation);
    long end = System.nanoTime() + parts.timeout().toNanos();
    try {
      return operation.await(parts.timeout(), end);
    } catch (BackendException e) {
      if (operation.timedOut()) {
        parts.breaker().failed(e);
      }
      throw e;
    }
  }

  private void join(Operation<?> operation) {
    if (parts.breaker().isOpen() && !operation.outlastsOutages()) {
      throw parts.breaker().refusal();
    }
    queue.join(operation);
  }

  /**
   * Begins to book {@code operation}; the stage is completed on a thread of our own, which is not
   * the ledger's, and fails with what {@link #book} throws.
   */
  public <R> CompletableFuture<R> submit(Operation<R> operation) {
    CompletableFuture<R> told = new CompletableFuture<>();
    Future<?> patience = parts.own().after(parts.timeout(), () -> expire(operation));
    operation.whenBooked(
        (booked, error) -> {
          boolean unused = patience.cancel(false);
          parts.own().step(() -> tell(told, booked, error));
        });
    try {
      join(operation);
    } catch (RuntimeException e) {
      boolean unused = patience.cancel(false);
      return CompletableFuture.failedFuture(e);
    }
    return told;
  }

  private static <R> void tell(CompletableFuture<R> told, R booked, @Nullable Throwable error) {
    if (error == null) {
      told.complete(booked);
    } else {
      told.completeExceptionally(Operation.rethrown(error));
    }
  }

  private void expire(Operation<?> operation) {
    BackendException late = operation.expire(parts.timeout());
    if (late != null) {
      parts.breaker().failed(late);
    }
  }

  /**
   * Withdraws an operation whose caller has given up: it is not booked any more, and undone if it
   * was booked meanwhile.
   */
  public void withdraw(Operation<?> operation) {
    Operation<?> undo = operation.withdraw();
    if (undo != null) {
      undo(undo);
    }
  }

  /** Returns the way of working for callers that wait. */
  public Way waiting() {
    return waiting;
  }

  /** Returns the way of working for a caller that does not wait. */
  public Staged staged() {
    return new Staged(this, parts.own(), parts.handoff());
  }

  /** Wakes the thread: the breaker has opened, and the store is to be tried from now on. */
  public void wake() {
    queue.wake();
  }

  // the callers of the batch that broke off are told; what waits in the queue is served again
  private void brokeOff(RuntimeException error) {
    queue.taken().forEach(operation -> operation.fail(asOutage(error)));
    parts.broke().accept(error);
  }

  private void serve() {
    while (!queue.isOver()) {
      if (parts.breaker().isOpen()) {
        sitOut();
      } else {
        serve(queue.take());
      }
    }
  }

  // The store is away: whoever does not wait for it is told, the others stay in the queue.
  private void sitOut() {
    queue.remove(Operation::isGivenUp);
    for (Operation<?> operation : queue.remove(one -> !one.outlastsOutages())) {
      operation.fail(parts.breaker().refusal());
    }
    long pause = parts.breaker().nanosToTry();
    if (pause > 0) {
      queue.pause(pause);
      return;
    }
    parts.breaker().trying();
    try {
      LedgerTransaction transaction = transact(List.of(), null);
      unsure.answered(transaction, parts.meters());
      parts.breaker().answered();
    } catch (StaleLimitsException e) {
      limitsChanged = true;
      parts.breaker().answered();
    } catch (Throwable e) {
      BackendException failure = asOutage(e);
      queue.hinder(failure);
      parts.breaker().failed(failure);
    }
  }

  private void serve(List<Operation<?>> batch) {
    try {
      commit(batch);
    } catch (BackendException e) {
      if (batch.size() > 1 && e.kind() == BackendException.Kind.REJECTED) {
        serveHalves(batch);
      } else {
        fail(batch, e);
      }
    } catch (RuntimeException e) {
      if (batch.size() > 1) {
        serveHalves(batch);
      } else {
        fail(batch, e);
      }
    } catch (Throwable e) {
      fail(batch, asOutage(e));
    }
  }

  private void fail(List<Operation<?>> batch, RuntimeException error) {
    for (Operation<?> operation : batch) {
      if (operation instanceof ExpireOperation one && Unsure.mayBeBooked(error)) {
        expiring = one;
      }
      operation.fail(error);
    }
  }

  private static BackendException asOutage(Throwable error) {
    return error instanceof BackendException known
        ? known
        : new BackendException(
            BackendException.Kind.UNAVAILABLE, "the ledger's thread failed: " + error, error);
  }

  // the operation that fails is tried alone: the others do not pay for it with a transaction each
  private void serveHalves(List<Operation<?>> batch) {
    int half = batch.size() / 2;
    serve(batch.subList(0, half));
    serve(batch.subList(half, batch.size()));
  }

  private void commit(List<Operation<?>> batch) {
    List<Operation<?>> rest = new ArrayList<>(batch);
    Pause pause = new Pause(parts.random(), parts.pause());
    boolean wasStale = false;
    while (true) {
      rest.removeIf(Operation::isGivenUp);
      if (rest.isEmpty()) {
        return;
      }
      if (parts.breaker().isOpen()) {
        queue.putBack(rest);
        return;
      }
      try {
        commitOnce(rest);
        return;
      } catch (StaleLimitsException e) {
        limitsChanged = true;
        rest.forEach(operation -> operation.hinder(e));
        // loading the limits anew helps at once, unless they are read where changes arrive later
        if (wasStale) {
          pause.take();
        }
        wasStale = true;
      } catch (BackendException e) {
        failed(rest, e);
        pause.take();
      }
    }
  }

  private void failed(List<Operation<?>> rest, BackendException error) {
    if (Breaker.isOutage(error)) {
      parts.breaker().failed(error);
    }
    if (!error.isPassing()) {
      throw error;
    }
    rest.forEach(operation -> operation.hinder(error));
  }

  private void commitOnce(List<Operation<?>> operations) {
    long start = System.nanoTime();
    LedgerTransaction transaction = transact(operations, lookOut.next());
    aside(
        () -> {
          parts.breaker().worked();
          parts.meters().committed(operations.size(), System.nanoTime() - start);
          committed(transaction);
        });
    aside(() -> bookExpired(transaction, operations));
    operations.forEach(operation -> aside(() -> operation.succeed(parts.meters(), this::undo)));
  }

  // The transaction is committed and never sent again, whatever its listeners do from here on.
  private void aside(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      parts.broke().accept(new IllegalStateException("the ledger goes on: " + e, e));
    }
  }

  private void committed(LedgerTransaction transaction) {
    unsure.answered(transaction, parts.meters());
    tell(transaction);
  }

  // the caller has given up: its hold is given back, also while this is closing
  private void undo(Operation<?> undo) {
    queue.putBack(List.of(undo));
  }

  private void tell(LedgerTransaction committed) {
    parts.meters().count(Meters.Count.UNNAMED, committed.unnamed());
    names.committed(committed);
    List<Alert> fired = committed.alerts();
    if (!fired.isEmpty()) {
      parts.alerts().accept(List.copyOf(fired));
    }
  }

  // The decisions stand, whatever becomes of expired holds: the next transaction meets them again.
  private void bookExpired(LedgerTransaction met, List<Operation<?>> operations) {
    boolean mayBeMore = met.expired().size() == LedgerBatch.EXPIRED_AT_ONCE || expiring != null;
    lookOut.passed(met.seenAt(), mayBeMore);
    ExpireOperation operation = expiring != null ? expiring : expired(met, operations);
    if (operation == null) {
      return;
    }
    expiring = null;
    try {
      LedgerTransaction transaction = transact(List.of(operation), null);
      committed(transaction);
      operation.succeed(parts.meters(), this::undo);
    } catch (StaleLimitsException e) {
      limitsChanged = true;
    } catch (Throwable e) {
      expiring = Unsure.mayBeBooked(e) ? operation : null;
      parts.expiry().failed().accept(e);
    }
  }

  private @Nullable ExpireOperation expired(LedgerTransaction met, List<Operation<?>> operations) {
    Set<UUID> spared = new HashSet<>();
    operations.forEach(one -> one.spare(spared));
    List<HoldRecord> expired =
        met.expired().stream().filter(hold -> !spared.contains(hold.id())).toList();
    return expired.isEmpty() ? null : new ExpireOperation(expired, parts.expiry());
  }

  private LedgerTransaction transact(List<Operation<?>> operations, @Nullable Instant expiredFrom) {
    if (limitsChanged) {
      parts.limits().reload();
      limitsChanged = false;
    }
    LimitIndex current = parts.limits().current();
    Needs needs = new Needs(parts.balances());
    for (Operation<?> operation : operations) {
      operation.match(current);
      operation.need(needs);
      operation.attempt();
    }
    unsure.need(needs);
    LedgerTransaction transaction =
        new LedgerTransaction(operations, current, parts.refusals(), unsure);
    try {
      parts.ledger().transact(needs.toBatch(current.revision(), expiredFrom), transaction);
    } catch (Throwable e) {
      boolean mayBeBooked = Unsure.mayBeBooked(e);
      if (mayBeBooked) {
        unsure.sent(transaction);
      }
      operations.forEach(operation -> operation.attemptFailed(mayBeBooked));
      throw e;
    }
    return transaction;
  }

  /**
   * Serves waiting operations, at most for {@code deadline}, then ends; later ones are refused.
   *
   * @return false if the thread has not ended
   */
  public boolean close(Duration deadline) {
    queue.close();
    return thread.join(deadline.toNanos());
  }
}
