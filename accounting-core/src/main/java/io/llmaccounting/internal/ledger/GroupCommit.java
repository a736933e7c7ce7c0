package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.OwnThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins operations that wait into one ledger transaction after the other, or into several at once
 * where the ledger has several places; while the breaker is open, it only tries now and then. One
 * thread of its own; all else is safe for many threads.
 */
public final class GroupCommit {
  private final Transactions transactions;
  private final AfterCommit after;
  private final Breaker breaker;
  private final Callers callers;
  private final Supplier<Pause> pauses;
  private final MetExpired expired;
  private final CommitQueue queue = new CommitQueue(System::nanoTime);
  private final Way waiting = new Waiting(this);
  private final OwnThread thread;

  /**
   * Starts the group commit's thread.
   *
   * @param pauses makes the pauses between the tries of a batch
   */
  public GroupCommit(
      Transactions transactions,
      AfterCommit after,
      Breaker breaker,
      Callers callers,
      Supplier<Pause> pauses) {
    this.transactions = transactions;
    this.after = after;
    this.breaker = breaker;
    this.callers = callers;
    this.pauses = pauses;
    this.expired = new MetExpired(transactions, after, this::undo);
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
    long end = System.nanoTime() + callers.timeout().toNanos();
    try {
      return operation.await(callers.timeout(), end);
    } catch (BackendException e) {
      if (operation.timedOut()) {
        breaker.failed(e);
      }
      throw e;
    }
  }

  private void join(Operation<?> operation) {
    if (breaker.isOpen() && !operation.outlastsOutages()) {
      throw breaker.refusal();
    }
    queue.join(operation);
  }

  /**
   * Begins to book {@code operation}; the stage is completed on a thread of our own, which is not
   * the ledger's, and fails with what {@link #book} throws.
   */
  public <R> CompletableFuture<R> submit(Operation<R> operation) {
    CompletableFuture<R> told = new CompletableFuture<>();
    Future<?> patience = callers.own().after(callers.timeout(), () -> expire(operation));
    operation.whenBooked(
        (booked, error) -> {
          boolean unused = patience.cancel(false);
          callers.own().step(() -> tell(told, booked, error));
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
    BackendException late = operation.expire(callers.timeout());
    if (late != null) {
      breaker.failed(late);
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

  /** What {@code work} reads from the store for a caller that does not wait. */
  <T> CompletableFuture<T> read(Supplier<T> work) {
    return callers.own().read(work, callers.timeout(), breaker::failedToRead);
  }

  /** Returns the way of working for callers that wait. */
  public Way waiting() {
    return waiting;
  }

  /** Returns the way of working for a caller that does not wait. */
  public Staged staged() {
    return new Staged(this, callers.own(), callers.handoff());
  }

  /** Wakes the thread: the breaker has opened, and the store is to be tried from now on. */
  public void wake() {
    queue.wake();
  }

  // the callers of the batch that broke off are told; what waits in the queue is served again
  private void brokeOff(RuntimeException error) {
    queue.taken().forEach(operation -> operation.fail(asOutage(error)));
    after.broke(error);
  }

  private void serve() {
    while (!queue.isOver()) {
      if (breaker.isOpen()) {
        sitOut();
      } else {
        serve(queue.take());
      }
    }
  }

  // The store is away: whoever does not wait for it is told, the others stay in the queue. Holds
  // that nobody knows of do not keep it from closing.
  private void sitOut() {
    queue.remove(Operation::isGivenUp);
    boolean isLast = queue.isClosed();
    for (Operation<?> operation :
        queue.remove(one -> !one.outlastsOutages() || (isLast && !one.isAwaited()))) {
      operation.fail(breaker.refusal());
    }
    long pause = breaker.nanosToTry();
    if (pause > 0) {
      queue.pause(pause);
      return;
    }
    breaker.trying();
    try {
      LedgerTransaction transaction = transactions.send(List.of(), null);
      transactions.answered(transaction, after.meters());
      breaker.answered();
    } catch (StaleLimitsException e) {
      breaker.answered();
    } catch (Throwable e) {
      BackendException failure = asOutage(e);
      queue.hinder(failure);
      breaker.failed(failure);
    }
  }

  private void serve(List<Operation<?>> taken) {
    List<Operation<?>> batch = new ArrayList<>(taken);
    batch.removeIf(Operation::isGivenUp);
    List<List<Operation<?>>> parts = parted(batch);
    if (parts.size() == 1) {
      serveTogether(batch);
    } else {
      serveApart(parts);
    }
  }

  private List<List<Operation<?>>> parted(List<Operation<?>> batch) {
    try {
      return transactions.apart(batch);
    } catch (RuntimeException e) {
      // the limits cannot be read: whoever tries again next deals with that
      return List.of(batch);
    }
  }

  // A part that fails is served once more by itself: the others have nothing to do with it.
  private void serveApart(List<List<Operation<?>>> parts) {
    long start = System.nanoTime();
    boolean looks = true;
    for (Sending sent : transactions.sendApart(parts, expired.lookFrom())) {
      try {
        committed(transactions.finished(sent), sent.operations(), start, looks);
      } catch (BackendException e) {
        if (Breaker.isOutage(e)) {
          breaker.failed(e);
        }
        serveTogether(sent.operations());
      } catch (RuntimeException e) {
        serveTogether(sent.operations());
      } catch (Throwable e) {
        fail(sent.operations(), asOutage(e));
      }
      looks = false;
    }
  }

  private void serveTogether(List<Operation<?>> batch) {
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
      expired.failed(operation, error);
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
    serveTogether(batch.subList(0, half));
    serveTogether(batch.subList(half, batch.size()));
  }

  private void commit(List<Operation<?>> batch) {
    List<Operation<?>> rest = new ArrayList<>(batch);
    Pause pause = pauses.get();
    boolean wasStale = false;
    while (true) {
      rest.removeIf(Operation::isGivenUp);
      if (rest.isEmpty()) {
        return;
      }
      if (breaker.isOpen()) {
        queue.putBack(rest);
        return;
      }
      try {
        commitOnce(rest);
        return;
      } catch (StaleLimitsException e) {
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
      breaker.failed(error);
    }
    if (!error.isPassing()) {
      throw error;
    }
    rest.forEach(operation -> operation.hinder(error));
  }

  private void commitOnce(List<Operation<?>> operations) {
    long start = System.nanoTime();
    committed(transactions.send(operations, expired.lookFrom()), operations, start, true);
  }

  private void committed(
      LedgerTransaction transaction, List<Operation<?>> operations, long start, boolean looked) {
    after.step(
        () -> {
          breaker.worked();
          after.meters().committed(operations.size(), System.nanoTime() - start);
          transactions.answered(transaction, after.meters());
          after.committed(transaction);
        });
    if (looked) {
      after.step(() -> expired.book(transaction, operations));
    }
    operations.forEach(one -> after.step(() -> one.succeed(after.meters(), this::undo)));
  }

  // the caller has given up: its hold is given back, also while this is closing
  private void undo(Operation<?> undo) {
    queue.putBack(List.of(undo));
  }

  /**
   * Serves waiting operations, at most for {@code deadline}, then ends; later ones are refused. Who
   * is not served in time is told so, though there was more time to wait: what comes of a record
   * must be known before its overflow is closed.
   *
   * @return false if the thread has not ended
   */
  public boolean close(Duration deadline) {
    queue.close();
    boolean ended = thread.join(deadline.toNanos());
    if (!ended) {
      // in this order: what the thread takes meanwhile is among those taken
      for (Operation<?> unserved : queue.remove(operation -> true)) {
        unserved.endUnanswered();
        unserved.abandoned();
      }
      queue.taken().forEach(Operation::endUnanswered);
    }
    transactions.close();
    return ended;
  }
}
