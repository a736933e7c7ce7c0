package io.llmaccounting.internal.lease;

import io.llmaccounting.backend.CounterKey;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lease of this process: what of it is free, what calls under way expect of it, and what is on
 * its way back to the ledger. The three together are what the ledger holds for it, or less: where
 * they are less, because a record was stored twice or an answer was lost, the next renewal gives
 * the difference back. Guarded by the lock of all balances. Safe for use by many threads.
 */
public final class OwnLease {
  private final UUID id;
  private final CounterKey counter;
  private final ReentrantLock lock;
  private final Demand demand;
  private long sequence;
  private long free;
  private long underWay;
  private long returning;
  private long full;
  private boolean asking;
  private @Nullable Grant grant;
  private boolean ending;
  private boolean over;

  OwnLease(UUID id, CounterKey counter, ReentrantLock lock, Demand demand) {
    this.id = id;
    this.counter = counter;
    this.lock = lock;
    this.demand = demand;
  }

  /** The id of the hold by which the ledger keeps this lease. */
  public UUID id() {
    return id;
  }

  /** The counter that it is on. */
  public CounterKey counter() {
    return counter;
  }

  /** The number of the next change that is asked for. */
  public long nextSequence() {
    lock.lock();
    try {
      return ++sequence;
    } finally {
      lock.unlock();
    }
  }

  /** The least that the ledger holds for this lease, in the limit's unit. */
  public long outstanding() {
    lock.lock();
    try {
      return free + underWay + returning;
    } finally {
      lock.unlock();
    }
  }

  /** What may be spent, in the limit's unit. */
  public long free() {
    lock.lock();
    try {
      return free;
    } finally {
      lock.unlock();
    }
  }

  /** True if no call is let in from this lease any more. */
  public boolean isEnding() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** Takes at most so much out of the free room, to give it back to the ledger. */
  public long drain(long atMost) {
    lock.lock();
    try {
      long drained = Math.min(free, Math.max(0, atMost));
      free -= drained;
      returning += drained;
      return drained;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the ledger has certainly not received what was drained: it may be spent again. */
  public void keep(long amount) {
    lock.lock();
    try {
      returning -= amount;
      free += amount;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the ledger has received what was drained, or that nobody will ever know. */
  public void returned(long amount) {
    lock.lock();
    try {
      returning -= amount;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the ledger has taken or renewed this lease. */
  public void granted(Grant given) {
    lock.lock();
    try {
      grant = given;
      free += given.added();
      full = free;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the ledger has nothing of this lease any more. */
  public void lost() {
    lock.lock();
    try {
      ending = true;
      over = true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets no call in from this lease any more; it is given back as calls under way end. */
  public void retire() {
    lock.lock();
    try {
      ending = true;
    } finally {
      lock.unlock();
    }
  }

  /** What this process is likely to spend in one and a half terms. */
  public long wanted() {
    lock.lock();
    try {
      return demand.wanted();
    } finally {
      lock.unlock();
    }
  }

  /** What one call takes. */
  public long typical() {
    lock.lock();
    try {
      return demand.typical();
    } finally {
      lock.unlock();
    }
  }

  // the methods below are called with the lock held

  /** True while the ledger is being asked for this lease. */
  boolean isAsking() {
    return asking;
  }

  void asking(boolean now) {
    asking = now;
  }

  /** True once three quarters of what it had are spent, or no call fits any more. */
  boolean isLow() {
    return free <= full / 4 || free < demand.typical();
  }

  boolean isOver() {
    return over;
  }

  @Nullable Grant grant() {
    return grant;
  }

  boolean hasCallsUnderWay() {
    return underWay > 0;
  }

  boolean hasFor(long amount) {
    return grant != null && !ending && free >= Math.max(1, amount);
  }

  void take(long amount) {
    free -= amount;
    underWay += amount;
  }

  void giveBack(long amount) {
    free += amount;
    underWay -= amount;
  }

  void consumed(long amount) {
    underWay -= amount;
  }

  /** Notes that the ledger holds so much more in this lease for a call under way. */
  void grown(long amount) {
    underWay += amount;
  }

  boolean isSpentAt(LeaseClock.Moment now) {
    Grant given = grant;
    return given == null || given.latest(now) >= given.spentUntil();
  }
}
