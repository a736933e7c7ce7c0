package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.ledger.Expiry;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.UnfinishedUsage;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Books calls that were let in from leases and that nobody has ended or renewed in their time. Like
 * calls whose own hold has expired they are booked as UNFINISHED, with what they expected as an
 * estimate. Safe for use by many threads.
 */
public final class UnfinishedCalls {
  private static final int MOST_AT_ONCE = 64;
  private static final int LOOKS_TO_TELL = 10;
  private static final int STORING = -1;

  private final GroupCommit commits;
  private final CurrentLimits limits;
  private final Expiry expiry;
  private final Meters meters;
  // how often it was looked while prices are asked; -1 while some are being stored, 0 while none
  // are
  private final AtomicInteger looks = new AtomicInteger();

  /** Books such calls through {@code commits}. */
  public UnfinishedCalls(GroupCommit commits, CurrentLimits limits, Expiry expiry, Meters meters) {
    this.commits = commits;
    this.limits = limits;
    this.expiry = expiry;
    this.meters = meters;
  }

  /**
   * Begins to book some of these calls, unless some are being booked; the rest is found again
   * later. Prices are asked on a thread that nothing else needs.
   *
   * @return false while some are being booked; fails the tenth time that their prices are waited
   *     for, so that it is told
   */
  CompletableFuture<Boolean> book(List<LeasedCall> expired) {
    LimitIndex index = limits.known();
    if (index == null) {
      return CompletableFuture.completedFuture(true);
    }
    if (looks.get() != 0) {
      return stillBooking();
    }
    if (expired.isEmpty() || !looks.compareAndSet(0, 1)) {
      return CompletableFuture.completedFuture(true);
    }
    List<LeasedCall> first = expired.subList(0, Math.min(MOST_AT_ONCE, expired.size()));
    return Stages.of(() -> commits.staged().asking(() -> priced(first, index)))
        .thenCompose(calls -> book(first, calls))
        .whenComplete((booked, error) -> looks.set(0));
  }

  // nothing has worked yet; prices that hang are told of once
  private CompletableFuture<Boolean> stillBooking() {
    int seen = looks.updateAndGet(before -> before > 0 ? before + 1 : before);
    return seen == LOOKS_TO_TELL
        ? CompletableFuture.failedFuture(
            new IllegalStateException(
                "calls that nobody ended are not booked: their prices have not been told in"
                    + " %d looks, and are waited for".formatted(seen)))
        : CompletableFuture.completedFuture(seen == 0);
  }

  // while prices were asked, somebody may have renewed, ended or withdrawn the call
  private CompletableFuture<Boolean> book(List<LeasedCall> expired, List<Usage> priced) {
    looks.set(STORING);
    List<PendingRecord> entries = new ArrayList<>(priced.size());
    List<Usage> calls = new ArrayList<>(priced.size());
    for (int i = 0; i < priced.size(); i++) {
      if (expired.get(i).isUnfinished()) {
        calls.add(priced.get(i));
        entries.add(PendingRecord.of(expired.get(i), priced.get(i), Given.NOTHING));
      }
    }
    return entries.isEmpty()
        ? CompletableFuture.completedFuture(true)
        : commits
            .submit(new RecordOperation(entries, OldUsage.COUNT, false))
            .thenApply(booked -> told(calls, booked));
  }

  private List<Usage> priced(List<LeasedCall> expired, LimitIndex index) {
    return expired.stream()
        .map(call -> UnfinishedUsage.of(call.asHold(), index, expiry.pricing()))
        .toList();
  }

  private boolean told(List<Usage> calls, List<RecordOutcome> booked) {
    List<Usage> fresh = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Receipt receipt = booked.get(i).receipt();
      if (receipt != null && receipt.status() == Receipt.Status.RECORDED) {
        fresh.add(calls.get(i));
      }
    }
    if (!fresh.isEmpty()) {
      meters.count(Meters.Count.EXPIRED, fresh.size());
      expiry.told().accept(fresh);
    }
    return true;
  }
}
