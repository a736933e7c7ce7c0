package io.llmaccounting.internal.lease;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.LimitStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All leases of this process, and the calls that were let in from them. A call takes from every
 * lease that it needs or from none. One lock, held for a moment and never while anything is
 * written. Safe for use by many threads.
 */
public final class Balances {
  /** Calls on counters beyond so many are decided in the ledger. */
  private static final int MOST_COUNTERS = 10_000;

  private final LeaseClock clock;
  private final Supplier<UUID> ids;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<CounterKey, LeasedCounter> counters = new HashMap<>();
  private final Set<LeasedCounter> thirsty = new LinkedHashSet<>();
  private final Map<UUID, LeasedCall> calls = new ConcurrentHashMap<>();
  private volatile boolean isThirsty;
  private volatile boolean isUsed;
  private boolean closed;

  /** Begins without leases; {@code ids} makes their ids. */
  public Balances(LeaseClock clock, Supplier<UUID> ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** A call that was let in, and how its limits stand then. */
  public record Taken(LeasedCall call, List<LimitStatus> limits) {}

  /** Tells how much time passes. */
  public LeaseClock clock() {
    return clock;
  }

  /** True if every limit that may deny the call is leased, and there is one. */
  public static boolean areAllLeased(List<Watch> watches) {
    boolean any = false;
    for (Watch watch : watches) {
      if (watch.limit().action() == LimitAction.DENY) {
        if (!watch.limit().isLeased()) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  /**
   * Lets a call in, or returns null: then the ledger decides.
   *
   * @param watches of which {@link #areAllLeased} is true
   * @param livesMicros how long it may run unless renewed
   */
  public @Nullable Taken take(
      UUID id, CallRequest request, List<Watch> watches, Expectation expected, long livesMicros) {
    List<OwnLease> leases = new ArrayList<>(watches.size());
    long[] amounts = new long[watches.size()];
    LeasedCall call;
    List<LimitStatus> limits;
    lock.lock();
    try {
      for (Watch watch : watches) {
        if (watch.limit().action() != LimitAction.DENY) {
          continue;
        }
        long amount = expected.of(watch.limit());
        OwnLease lease = amount == Expectation.UNPRICED ? null : with(watch, amount);
        if (lease == null) {
          return null;
        }
        amounts[leases.size()] = amount;
        leases.add(lease);
      }
      call = take(new LeasedCall.Asked(id, request, livesMicros), leases, amounts, expected);
      if (call == null) {
        return null;
      }
      limits = limits(leases);
      note(watches, expected);
    } finally {
      lock.unlock();
    }
    calls.put(id, call);
    return new Taken(call, limits);
  }

  private @Nullable OwnLease with(Watch watch, long amount) {
    LeasedCounter counter = counters.get(watch.counter());
    OwnLease lease = counter == null ? null : counter.current();
    if (lease == null || !lease.hasFor(amount)) {
      return null;
    }
    return lease;
  }

  private @Nullable LeasedCall take(
      LeasedCall.Asked asked, List<OwnLease> leases, long[] amounts, Expectation expected) {
    LeaseClock.Moment now = clock.now();
    long admitted = Long.MAX_VALUE;
    for (OwnLease lease : leases) {
      Grant grant = lease.grant();
      if (grant == null || lease.isSpentAt(now)) {
        return null;
      }
      admitted = Math.min(admitted, grant.latest(now));
    }
    long[] taken = Arrays.copyOf(amounts, leases.size());
    for (int i = 0; i < taken.length; i++) {
      leases.get(i).take(taken[i]);
    }
    return new LeasedCall(
        new LeasedCall.Parts(this, lock, asked, leases, now, admitted), taken, expected);
  }

  private static List<LimitStatus> limits(List<OwnLease> leases) {
    List<LimitStatus> limits = new ArrayList<>(leases.size());
    for (OwnLease lease : leases) {
      Grant grant = lease.grant();
      if (grant != null) {
        limits.add(grant.status());
      }
    }
    if (limits.size() > 1) {
      Admission.sort(limits);
    }
    return limits;
  }

  /** Notes that the ledger has let a call in: where that happens often, a lease is asked for. */
  public void decidedInLedger(List<Watch> watches, Expectation expected) {
    lock.lock();
    try {
      note(watches, expected);
    } finally {
      lock.unlock();
    }
  }

  private void note(List<Watch> watches, Expectation expected) {
    long nanos = clock.nanoTime().getAsLong();
    for (Watch watch : watches) {
      Limit limit = watch.limit();
      if (limit.action() != LimitAction.DENY || limit.leaseTerm() == null) {
        continue;
      }
      LeasedCounter counter = counter(watch.counter(), limit.leaseTerm(), nanos);
      if (counter != null) {
        counter.used(Math.max(0, expected.of(limit)), limit.leaseTerm().toNanos(), nanos);
        if (counter.current() == null || counter.current().isLow()) {
          thirsty.add(counter);
          isThirsty = true;
        }
      }
    }
  }

  private @Nullable LeasedCounter counter(CounterKey key, Duration term, long nanos) {
    LeasedCounter known = counters.get(key);
    if (known != null || closed || counters.size() >= MOST_COUNTERS) {
      return known;
    }
    isUsed = true;
    LeasedCounter counter = new LeasedCounter(key, lock, term.toNanos(), nanos);
    counters.put(key, counter);
    return counter;
  }

  /** True once a leased limit was met. */
  public boolean isUsed() {
    return isUsed;
  }

  /** True if some lease is likely to be spent before it is renewed. */
  public boolean isThirsty() {
    return isThirsty;
  }

  /**
   * Leases that are to be asked for now, because their counters were just spent. Each counts as
   * asked for until it is answered.
   */
  public List<OwnLease> thirsty() {
    lock.lock();
    try {
      isThirsty = false;
      List<OwnLease> due = new ArrayList<>();
      LeaseClock.Moment now = clock.now();
      if (!closed) {
        thirsty.forEach(counter -> counter.due(now, ids, due));
      }
      thirsty.clear();
      return due;
    } finally {
      lock.unlock();
    }
  }

  /** All leases that are to be asked for now. Each counts as asked for until it is answered. */
  public List<OwnLease> due() {
    lock.lock();
    try {
      List<OwnLease> due = new ArrayList<>();
      LeaseClock.Moment now = clock.now();
      counters.values().forEach(counter -> counter.due(now, ids, due));
      counters.values().removeIf(counter -> counter.isForgotten(now.nanos()));
      return due;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing in any more, and returns the leases that are to be given back. */
  public List<OwnLease> close() {
    lock.lock();
    try {
      closed = true;
      counters.values().forEach(LeasedCounter::close);
    } finally {
      lock.unlock();
    }
    return due();
  }

  /** Notes that the ledger has answered for a lease, or will not answer any more. */
  public void answered(OwnLease lease, boolean hasAdded) {
    lock.lock();
    try {
      LeasedCounter counter = counters.get(lease.counter());
      if (counter != null) {
        counter.answered(lease, hasAdded, clock.nanoTime().getAsLong());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The leases that calls on these counters are let in from. */
  public List<OwnLease> on(List<Watch> watches) {
    if (!isUsed) {
      return List.of();
    }
    List<OwnLease> leases = new ArrayList<>();
    lock.lock();
    try {
      for (Watch watch : watches) {
        LeasedCounter counter = counters.get(watch.counter());
        OwnLease lease = counter == null ? null : counter.current();
        if (lease != null && lease.grant() != null) {
          leases.add(lease);
        }
      }
    } finally {
      lock.unlock();
    }
    return leases;
  }

  /** The room that this process keeps free on these counters. */
  public List<OwnFree> freeOn(List<Watch> watches) {
    List<OwnFree> all = new ArrayList<>();
    for (OwnLease lease : on(watches)) {
      lock.lock();
      try {
        Grant grant = lease.grant();
        if (grant != null && lease.free() > 0) {
          all.add(new OwnFree(lease.counter(), grant.leaves(), grant.expires(), lease.free()));
        }
      } finally {
        lock.unlock();
      }
    }
    return all;
  }

  /** The call that was let in from leases, or null. */
  public @Nullable LeasedCall find(UUID id) {
    return calls.get(id);
  }

  /** Gives up a call: what it expected is free again. */
  public boolean release(LeasedCall call) {
    calls.remove(call.id());
    return call.release();
  }

  /** Notes that a call is booked, or lost. */
  public boolean consume(LeasedCall call) {
    calls.remove(call.id());
    return call.consume();
  }

  /** Calls that nobody has renewed for their whole time. */
  public List<LeasedCall> expired() {
    LeaseClock.Moment now = clock.now();
    return calls.values().stream().filter(call -> call.isExpired(now)).toList();
  }
}
