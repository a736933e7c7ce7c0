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
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Books calls that were let in from leases and that nobody has ended or renewed in their time. Like
 * calls whose own hold has expired they are booked as UNFINISHED, with what they expected as an
 * estimate. Safe for use by many threads.
 */
public final class UnfinishedCalls {
  private static final int MOST_AT_ONCE = 64;

  private final GroupCommit commits;
  private final CurrentLimits limits;
  private final Expiry expiry;
  private final Meters meters;
  private final AtomicBoolean booking = new AtomicBoolean();

  /** Books such calls through {@code commits}. */
  public UnfinishedCalls(GroupCommit commits, CurrentLimits limits, Expiry expiry, Meters meters) {
    this.commits = commits;
    this.limits = limits;
    this.expiry = expiry;
    this.meters = meters;
  }

  /**
   * Begins to book some of these calls, unless some are being booked; the rest is found again
   * later. Prices are asked on a thread that renewals do not need.
   */
  CompletableFuture<Boolean> book(List<LeasedCall> expired) {
    LimitIndex index = limits.known();
    if (expired.isEmpty() || index == null || !booking.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(true);
    }
    List<LeasedCall> first = expired.subList(0, Math.min(MOST_AT_ONCE, expired.size()));
    return Stages.of(() -> commits.staged().reading(() -> priced(first, index)))
        .thenCompose(
            calls ->
                commits
                    .submit(new RecordOperation(pending(first, calls), OldUsage.COUNT, false))
                    .thenApply(booked -> told(calls, booked)))
        .whenComplete((booked, error) -> booking.set(false));
  }

  private List<Usage> priced(List<LeasedCall> expired, LimitIndex index) {
    return expired.stream()
        .map(call -> UnfinishedUsage.of(call.asHold(), index, expiry.pricing()))
        .toList();
  }

  private static List<PendingRecord> pending(List<LeasedCall> expired, List<Usage> calls) {
    List<PendingRecord> entries = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      entries.add(PendingRecord.of(expired.get(i), calls.get(i), Given.NOTHING));
    }
    return entries;
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
