package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.LeaseOperation;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Reservation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls in from leases where every limit that may deny them is leased, and keeps the leases:
 * takes them once calls are frequent, renews them at half of their term, gives back what is not
 * needed. Safe for use by many threads.
 */
public final class LeaseKeeper {
  private static final long LOOK_MILLIS = 100;
  private static final long EXPIRY_MILLIS = 1_000;

  private final Parts parts;
  private final AtomicBoolean started = new AtomicBoolean();
  private final Map<LeaseOperation, CompletableFuture<?>> asked = new ConcurrentHashMap<>();

  /**
   * What a lease keeper works with.
   *
   * @param unfinished books calls that nobody ends
   * @param spends whether leases are spent while the store is away: a spool keeps the records
   */
  public record Parts(
      Balances balances,
      Quotas quotas,
      CurrentLimits limits,
      GroupCommit commits,
      Breaker breaker,
      Events events,
      Chores chores,
      UnfinishedCalls unfinished,
      boolean spends) {}

  /** Keeps leases with these parts. */
  public LeaseKeeper(Parts parts) {
    this.parts = parts;
  }

  /** Lets a call in; null where the ledger is to be asked. */
  @Nullable Reservation admit(HoldRequest request) {
    if (!parts.balances().isUsed() || (parts.breaker().isOpen() && !parts.spends())) {
      return null;
    }
    List<Watch> watches = watching(request);
    if (!Balances.areAllLeased(watches)) {
      return null;
    }
    Balances.Taken taken =
        parts
            .balances()
            .take(request.id(), request.call(), watches, request.expected(), request.livesMicros());
    askIfThirsty();
    if (taken == null) {
      return null;
    }
    Decision.Admitted admitted = new Decision.Admitted(taken.limits(), List.of());
    parts.events().asked(request.call());
    parts.events().admitted(request.id(), request.call(), admitted);
    return new Reservation(
        admitted, new LeasedHold(request, taken.call(), this, parts.quotas().desk()));
  }

  /** Notes that the ledger has let a call in. */
  void decided(HoldRequest request, Reservation reservation) {
    if (!reservation.decision().isAdmitted()) {
      return;
    }
    List<Watch> watches = watching(request);
    if (Balances.areAllLeased(watches)) {
      parts.balances().decidedInLedger(watches, request.expected());
      start();
      askIfThirsty();
    }
  }

  /** The limits that watch a call, as they were last known. */
  List<Watch> watching(HoldRequest request) {
    LimitIndex index = parts.limits().known();
    return index == null ? List.of() : CounterReader.watching(index, request.call());
  }

  /** The leases, and what is let in from them. */
  Balances balances() {
    return parts.balances();
  }

  /** The group commit that all books go through. */
  GroupCommit commits() {
    return parts.commits();
  }

  private void start() {
    if (started.compareAndSet(false, true)) {
      parts.chores().every(LOOK_MILLIS, Consequence.NOT_RENEWED, this::look);
      parts
          .chores()
          .every(
              EXPIRY_MILLIS,
              Consequence.NOT_EXPIRED,
              () -> parts.unfinished().book(parts.balances().expired()));
    }
  }

  private void askIfThirsty() {
    if (parts.balances().isThirsty()) {
      ask(parts.balances().thirsty());
    }
  }

  private CompletableFuture<Boolean> look() {
    ask(parts.balances().due());
    return CompletableFuture.completedFuture(true);
  }

  // a lease that could not be renewed is asked for again the next time; unless that works it ends
  // by itself
  private void ask(List<OwnLease> leases) {
    for (OwnLease lease : leases) {
      LeaseOperation operation = new LeaseOperation(lease, parts.balances());
      CompletableFuture<LeaseOperation.Answer> answer = parts.commits().submit(operation);
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
    List<OwnLease> first = parts.balances().close();
    awaitAsked(end);
    ask(first);

    ask(parts.balances().due());
    awaitAsked(end);
  }

  private void awaitAsked(long end) {
    asked.values().forEach(answer -> Stages.await(answer, end));
  }
}
