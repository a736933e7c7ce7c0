package io.llmaccounting.internal.lease;

import io.llmaccounting.backend.CounterKey;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of one counter of a leased limit: how fast it spends, the lease that it
 * spends, and leases that it spends no more but that calls under way were let in from. Used with
 * the lock of all balances held.
 */
final class LeasedCounter {
  private static final double LEAST_CALLS = 1.5;

  private final CounterKey key;
  private final ReentrantLock lock;
  private final Demand demand;
  private final List<OwnLease> ending = new ArrayList<>();
  private @Nullable OwnLease current;
  private boolean closed;
  private long termNanos;
  private long usedAt;
  private long askNotBefore;

  LeasedCounter(CounterKey key, ReentrantLock lock, long termNanos, long nanoTime) {
    this.key = key;
    this.lock = lock;
    this.demand = new Demand(nanoTime);
    this.termNanos = termNanos;
    this.usedAt = nanoTime;
    this.askNotBefore = nanoTime;
  }

  @Nullable OwnLease current() {
    return current;
  }

  /** Notes that a call takes so much, from the lease or in the ledger. */
  void used(long amount, long term, long nanoTime) {
    termNanos = term;
    usedAt = nanoTime;
    demand.spend(amount);
  }

  /** Notes that the ledger has answered for a lease, or will not answer any more. */
  void answered(OwnLease lease, boolean hasAdded, long nanoTime) {
    lease.asking(false);
    askNotBefore = hasAdded ? nanoTime : nanoTime + termNanos / 4;
    if (lease.isOver()) {
      ending.remove(lease);
      current = current == lease ? null : current;
    }
  }

  boolean isIdle(long nanoTime) {
    return nanoTime - usedAt > termNanos;
  }

  boolean isForgotten(long nanoTime) {
    return current == null && ending.isEmpty() && nanoTime - usedAt > 2 * termNanos;
  }

  /** Adds leases that the ledger is to be asked for now. */
  void due(LeaseClock.Moment now, Supplier<UUID> ids, List<OwnLease> due) {
    retireIfTime(now);
    for (OwnLease lease : ending) {
      Grant grant = lease.grant();
      boolean wanted = !lease.hasCallsUnderWay() || (grant != null && grant.isHalfOver(now));
      addIf(wanted, lease, now, due);
    }
    boolean mayAsk = !closed && now.nanos() - askNotBefore >= 0 && !isIdle(now.nanos());
    if (current != null) {
      Grant grant = current.grant();
      addIf(
          (grant != null && grant.isHalfOver(now)) || (mayAsk && current.isLow()),
          current,
          now,
          due);
    } else if (mayAsk) {
      demand.fold(now.nanos(), termNanos);
      if (demand.calls() >= LEAST_CALLS) {
        current = new OwnLease(ids.get(), key, lock, demand);
        addIf(true, current, now, due);
      }
    }
  }

  private void addIf(boolean wanted, OwnLease lease, LeaseClock.Moment now, List<OwnLease> due) {
    if (wanted && !lease.isAsking()) {
      demand.fold(now.nanos(), termNanos);
      lease.asking(true);
      due.add(lease);
    }
  }

  private void retireIfTime(LeaseClock.Moment now) {
    OwnLease lease = current;
    if (lease == null || lease.isAsking()) {
      return;
    }
    Grant grant = lease.grant();
    if (grant == null) {
      // a lease was asked for and not given
      current = null;
    } else if (lease.isEnding() || isIdle(now.nanos()) || grant.latest(now) >= grant.leaves()) {
      end();
    }
  }

  /** Takes no lease any more, and gives back the leases there are. */
  void close() {
    closed = true;
    end();
  }

  /** Lets no call in from the lease any more, and gives it back as calls under way end. */
  private void end() {
    if (current != null) {
      current.retire();
      ending.add(current);
      current = null;
    }
  }
}
