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

  /** The id of the hold that it is in the ledger. */
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

  /** What the ledger holds for it at least, in the limit's unit. */
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

  /** True if no call is let in from it any more. */
  public boolean isEnding() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out of what is free at most so much, to give it back to the ledger. */
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

  /** What was drained has certainly not arrived: it may be spent again. */
  public void keep(long amount) {
    lock.lock();
    try {
      returning -= amount;
      free += amount;
    } finally {
      lock.unlock();
    }
  }

  /** What was drained has arrived, or nobody will ever know. */
  public void returned(long amount) {
    lock.lock();
    try {
      returning -= amount;
    } finally {
      lock.unlock();
    }
  }

  /** The ledger has taken or renewed it. */
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

  /** The ledger has none of it any more. */
  public void lost() {
    lock.lock();
    try {
      ending = true;
      over = true;
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

  // what follows is called with the lock held

  /** True while the ledger is asked for it. */
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

  void end() {
    ending = true;
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

  /** The ledger holds so much more of it for a call under way. */
  void grown(long amount) {
    underWay += amount;
  }

  boolean isSpentAt(LeaseClock.Moment now) {
    Grant given = grant;
    return given == null || given.latest(now) >= given.spentUntil();
  }
}
