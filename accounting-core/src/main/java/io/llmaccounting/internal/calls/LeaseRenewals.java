package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.LeaseOperation;
import io.llmaccounting.internal.ledger.Stages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes leases once calls are frequent, renews them at half of their term, and gives back what is
 * not needed. Safe for use by many threads.
 */
public final class LeaseRenewals {
  private static final long LOOK_MILLIS = 100;
  private static final long EXPIRY_MILLIS = 1_000;

  private final Balances balances;
  private final GroupCommit commits;
  private final Chores chores;
  private final UnfinishedCalls unfinished;
  private final AtomicBoolean started = new AtomicBoolean();
  private final Map<LeaseOperation, CompletableFuture<?>> asked = new ConcurrentHashMap<>();

  /**
   * Keeps the leases of {@code balances}.
   *
   * @param unfinished books calls that nobody ends
   */
  public LeaseRenewals(
      Balances balances, GroupCommit commits, Chores chores, UnfinishedCalls unfinished) {
    this.balances = balances;
    this.commits = commits;
    this.chores = chores;
    this.unfinished = unfinished;
  }

  /** The leases, and what is let in from them. */
  Balances balances() {
    return balances;
  }

  /** Looks at the leases now and then, from the first call on that they may let in. */
  void start() {
    if (started.compareAndSet(false, true)) {
      chores.every(LOOK_MILLIS, Consequence.NOT_RENEWED, this::look);
      chores.every(
          EXPIRY_MILLIS, Consequence.NOT_EXPIRED, () -> unfinished.book(balances.expired()));
    }
  }

  /** Asks for leases that calls are waiting for. */
  void askIfThirsty() {
    if (balances.isThirsty()) {
      ask(balances.thirsty());
    }
  }

  private CompletableFuture<Boolean> look() {
    ask(balances.due());
    return CompletableFuture.completedFuture(true);
  }

  // a lease that could not be renewed is asked for again the next time; unless that works it ends
  // by itself
  private void ask(List<OwnLease> leases) {
    for (OwnLease lease : leases) {
      LeaseOperation operation = new LeaseOperation(lease, balances);
      CompletableFuture<LeaseOperation.Answer> answer = commits.submit(operation);
      if (answer.isCompletedExceptionally()) {
        operation.refused();
      }
      asked.put(operation, answer);
      CompletableFuture<?> unused = answer.whenComplete((done, error) -> asked.remove(operation));
    }
  }

  /** Gives back every lease, as far as no call under way expects of it. */
  public void close(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    List<OwnLease> first = balances.close();
    awaitAsked(end);
    ask(first);

    ask(balances.due());
    awaitAsked(end);
  }

  private void awaitAsked(long end) {
    asked.values().forEach(answer -> Stages.await(answer, end));
  }
}
