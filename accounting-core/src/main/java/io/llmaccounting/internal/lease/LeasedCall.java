package io.llmaccounting.internal.lease;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.quota.WindowExit;
import io.llmaccounting.limit.CallRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A call that was let in from leases, until it is booked, given up or taken for lost. Guarded by
 * the lock of all balances. Safe for use by many threads.
 */
public final class LeasedCall {
  private final Parts parts;
  private final UUID id;
  private final List<OwnLease> leases;
  private final ReentrantLock lock;
  private final long[] amounts;
  private Expectation expected;
  // many calls may wait to be booked: who looks at them all does not take the lock for each
  private volatile LeaseClock.Moment renewed;
  private boolean isEnded;
  private boolean isOver;

  /** Says which call asked, and how long it lives unless it is renewed. */
  record Asked(UUID id, CallRequest request, long livesMicros) {}

  /** The parts of a leased call that never change. */
  record Parts(
      Balances balances,
      ReentrantLock lock,
      Asked asked,
      List<OwnLease> leases,
      LeaseClock.Moment at,
      long admitted) {}

  /** What the call expects of one lease. */
  public record Share(OwnLease lease, long amount) {}

  LeasedCall(Parts parts, long[] amounts, Expectation expected) {
    this.parts = parts;
    this.id = parts.asked().id();
    this.leases = List.copyOf(parts.leases());
    this.lock = parts.lock();
    this.amounts = amounts;
    this.expected = expected;
    this.renewed = parts.at();
  }

  /** The id of the call and of its record to come. */
  public UUID id() {
    return id;
  }

  /** When it was let in, by the ledger's clock, or a little later; microseconds since 1970. */
  public long admitted() {
    return parts.admitted();
  }

  /** What it expects of each lease. */
  public List<Share> shares() {
    lock.lock();
    try {
      List<Share> shares = new ArrayList<>(leases.size());
      for (int i = 0; i < amounts.length; i++) {
        shares.add(new Share(leases.get(i), amounts[i]));
      }
      return shares;
    } finally {
      lock.unlock();
    }
  }

  /** True if it is booked, given up or taken for lost: the ledger holds nothing for it. */
  public boolean isOver() {
    lock.lock();
    try {
      return isOver;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Describes this call as a hold of its own would: what it keeps on which counter, and whose call
   * it is.
   */
  public HoldRecord asHold() {
    List<HoldRecord.Amount> held = new ArrayList<>(leases.size());
    for (Share share : shares()) {
      held.add(new HoldRecord.Amount(share.lease().counter(), share.amount(), WindowExit.NEVER));
    }
    CallRequest call = parts.asked().request();
    Instant at = WindowExit.toInstant(parts.admitted());
    return new HoldRecord(
        id,
        call.model(),
        call.provider(),
        call.attribution(),
        at,
        at,
        parts.asked().livesMicros(),
        expected().toExpected(),
        held,
        new HoldRecord.Asked(
            call.key(), call.operation(), call.serviceTier(), call.batch(), call.region()),
        null);
  }

  /**
   * Grows the call on all its leases, out of what they have free, or on none; false if the ledger
   * is to be asked.
   */
  public boolean grow(List<Watch> watches, Expectation total) {
    lock.lock();
    try {
      if (isEnded || isOver) {
        return false;
      }
      long[] more = more(watches, total);
      for (int i = 0; i < more.length; i++) {
        if (more[i] == Expectation.UNPRICED || (more[i] > 0 && !leases.get(i).hasFor(more[i]))) {
          return false;
        }
      }
      LeaseClock.Moment now = parts.balances().clock().now();
      for (int i = 0; i < more.length; i++) {
        if (more[i] > 0 && leases.get(i).isSpentAt(now)) {
          return false;
        }
      }
      for (int i = 0; i < more.length; i++) {
        leases.get(i).take(more[i]);
        amounts[i] += more[i];
      }
      expected = total;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private long[] more(List<Watch> watches, Expectation total) {
    long[] more = new long[amounts.length];
    for (Watch watch : watches) {
      int at = indexOf(watch.counter());
      if (at >= 0) {
        long whole = total.of(watch.limit());
        more[at] = whole == Expectation.UNPRICED ? whole : Math.max(0, whole - amounts[at]);
      }
    }
    return more;
  }

  private int indexOf(CounterKey counter) {
    for (int i = 0; i < amounts.length; i++) {
      if (leases.get(i).counter().equals(counter)) {
        return i;
      }
    }
    return -1;
  }

  /** Notes that the ledger holds so much more for this call, in the order of its shares. */
  public void grown(long[] more, Expectation total) {
    lock.lock();
    try {
      for (int i = 0; i < more.length; i++) {
        leases.get(i).grown(more[i]);
        if (isOver) {
          leases.get(i).consumed(more[i]);
        } else {
          amounts[i] += more[i];
        }
      }
      expected = total;
    } finally {
      lock.unlock();
    }
  }

  /** What it is expected to consume. */
  public Expectation expected() {
    lock.lock();
    try {
      return expected;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that an end was told: the call grows no more. */
  public void end() {
    lock.lock();
    try {
      isEnded = true;
    } finally {
      lock.unlock();
    }
  }

  /** Lives for its full time from now; returns how many microseconds that is. */
  public long renew() {
    renewed = parts.balances().clock().now();
    return parts.asked().livesMicros();
  }

  /** True if nobody has renewed it for its whole time, and it is neither booked nor given up. */
  public boolean isUnfinished() {
    return !isOver() && isExpired(parts.balances().clock().now());
  }

  /** True if nobody has renewed it for its whole time. */
  boolean isExpired(LeaseClock.Moment now) {
    return LeaseClock.microsBetween(renewed, now) >= parts.asked().livesMicros();
  }

  /** Gives back what it expected, to be spent by others; false if it was over already. */
  boolean release() {
    return over(true);
  }

  /**
   * Notes that the call is booked, or that nobody will ever know: the ledger holds nothing for it
   * any more.
   */
  boolean consume() {
    return over(false);
  }

  /** Notes that the record of this call is booked, or refused for good. */
  public void booked() {
    boolean unused = parts.balances().consume(this);
  }

  private boolean over(boolean givesBack) {
    lock.lock();
    try {
      if (isOver || (givesBack && isEnded)) {
        return false;
      }
      isOver = true;
      isEnded = true;
      for (int i = 0; i < amounts.length; i++) {
        if (givesBack) {
          leases.get(i).giveBack(amounts[i]);
        } else {
          leases.get(i).consumed(amounts[i]);
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
