package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.lease.OwnLease;
import io.llmaccounting.internal.quota.Counter;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.quota.WindowExit;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.usage.Saturated;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The room that leases of this process keep free on the limits of one operation. It is given back
 * in the same transaction where that could change the answer, so that no process is denied a call
 * that its own slice has room for. Confined to the group commit's thread.
 */
final class OwnRoom {
  private final Map<OwnLease, Long> drained = new LinkedHashMap<>();
  private List<OwnLease> leases = List.of();

  void need(Needs needs, List<Watch> watches) {
    leases = needs.leasesOn(watches);
    leases.forEach(lease -> needs.readHold(lease.id()));
    drained.keySet().forEach(lease -> needs.readHold(lease.id()));
  }

  /** Begins with a transaction, also when the store has rolled it back and repeats it. */
  void begin(LedgerTransaction transaction) {
    drained.forEach((lease, amount) -> transaction.leases().add(lease.id(), -amount));
  }

  /** Gives back what is free; false if nothing was free. */
  boolean giveBack(LedgerTransaction transaction) {
    boolean any = false;
    for (OwnLease lease : leases) {
      long amount = lease.drain(Long.MAX_VALUE);
      if (amount > 0) {
        drained.merge(lease, amount, Long::sum);
        transaction.leases().add(lease.id(), -amount);
        any = true;
      }
    }
    return any;
  }

  /**
   * Notes that the transaction has failed. If it may have been committed, the drained room is not
   * used again: the next renewal finds out whether the ledger has it.
   */
  void attemptFailed(boolean mayBeBooked) {
    if (!mayBeBooked) {
      drained.forEach(OwnLease::keep);
      drained.clear();
    }
    over();
  }

  /** Ends this, because the transaction is committed or never will be. */
  void over() {
    drained.forEach(OwnLease::returned);
    drained.clear();
  }

  /**
   * Leaves a wish for room on counters that have none while leases of other processes keep enough:
   * those processes see it when they renew.
   */
  void wish(LedgerTransaction transaction, List<Watch> watches, Decision.Denied denied) {
    for (Exceeded exceeded : denied.exceeded()) {
      for (Watch watch : watches) {
        if (watch.limit().equals(exceeded.status().limit())) {
          wish(transaction, watch, exceeded);
        }
      }
    }
  }

  private void wish(LedgerTransaction transaction, Watch watch, Exceeded exceeded) {
    Duration term = watch.limit().leaseTerm();
    if (term == null || exceeded.reason() != Exceeded.Reason.SPENT) {
      return;
    }
    Counter counter = transaction.counter(watch.counter());
    long others = counter.leased() - own(transaction, watch.counter());
    long unused = Saturated.sum(watch.limit().maximum(), -counter.used());
    long left = Saturated.sum(Saturated.sum(unused, -counter.held()), others);
    long now = WindowExit.toMicros(transaction.now());
    boolean isNew = now - counter.wish() > term.toNanos() / 2_000;
    if (others > 0 && exceeded.requested() <= left && isNew) {
      transaction.changing(watch.counter()).wish(now);
    }
  }

  private long own(LedgerTransaction transaction, CounterKey counter) {
    for (OwnLease lease : leases) {
      HoldRecord row =
          lease.counter().equals(counter) ? transaction.leases().live(lease.id()) : null;
      if (row != null) {
        return LeaseRows.amount(row);
      }
    }
    return 0;
  }
}
