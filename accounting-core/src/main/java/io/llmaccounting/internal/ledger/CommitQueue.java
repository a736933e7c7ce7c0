package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.BackendException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Operations that wait for their transaction, first come first served. Safe for many threads, of
 * which only one takes.
 *
 * <p>Callers that were served last often come back at once. So taking waits for them a little, and
 * one transaction carries all instead of two carrying half each.
 */
final class CommitQueue {
  static final int MOST_RECORDS = 1_024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Operation<?>> waiting = new ArrayDeque<>();
  // The operations taken last: the thread that takes them may break off, so they stay here until
  // the next are taken.
  private List<Operation<?>> taken = new ArrayList<>();
  private final BatchPatience patience = new BatchPatience();
  private final LongSupplier nanoTime;
  private int wanted = 1;
  private boolean closed;
  private boolean woken;
  private long events;

  /** {@code nanoTime} says how long the callers that left have been away. */
  CommitQueue(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Joins the queue. */
  void join(Operation<?> operation) {
    lock.lock();
    try {
      if (closed) {
        throw new BackendException(
            BackendException.Kind.CLOSED, "accounting is closed; nothing more can be recorded");
      }
      waiting.add(operation);
      events++;
      if (waiting.size() >= wanted) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for operations, and takes those that fit in one transaction; empty if nobody waits and
   * the queue was woken or closed.
   */
  List<Operation<?>> take() {
    lock.lock();
    try {
      int expected = patience.expected(waiting.size(), nanoTime.getAsLong());
      awaitMore(Math.min(expected, MOST_RECORDS));
      wanted = 1;
      while (waiting.isEmpty() && !closed && !woken) {
        arrived.awaitUninterruptibly();
      }
      woken = false;
      List<Operation<?>> batch = together();
      patience.left(batch.size(), nanoTime.getAsLong());
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** The operations that were taken last, answered or not. */
  List<Operation<?>> taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Tells all operations that wait what keeps them waiting. */
  void hinder(RuntimeException obstacle) {
    lock.lock();
    try {
      waiting.forEach(operation -> operation.hinder(obstacle));
    } finally {
      lock.unlock();
    }
  }

  /** Lets {@link #take} return, now or the next time. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Puts operations at the front that could not be booked yet, or that undo what was booked. */
  void putBack(List<Operation<?>> operations) {
    lock.lock();
    try {
      for (int i = operations.size() - 1; i >= 0; i--) {
        waiting.addFirst(operations.get(i));
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the operations for which {@code unwanted} is true. */
  List<Operation<?>> remove(Predicate<Operation<?>> unwanted) {
    lock.lock();
    try {
      List<Operation<?>> removed = new ArrayList<>();
      waiting.removeIf(operation -> unwanted.test(operation) && removed.add(operation));
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /** True once nobody may join and nobody waits. */
  boolean isOver() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** True once nobody may join; somebody may still wait. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long, or until somebody joins or the queue is closed. */
  void pause(long nanos) {
    lock.lock();
    try {
      long before = events;
      long left = nanos;
      while (left > 0 && events == before) {
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // the thread is the group commit's own: an interrupt only shortens this pause
    } finally {
      lock.unlock();
    }
  }

  private void awaitMore(int expected) {
    long rest = patience.nanos();
    wanted = expected;
    while (waiting.size() < expected && rest > 0 && !closed) {
      try {
        rest = arrived.awaitNanos(rest);
      } catch (InterruptedException e) {
        // Operations that wait are served all the same, at once.
        Thread.currentThread().interrupt();
        rest = 0;
      }
    }
    patience.came(waiting.size() >= expected);
  }

  /**
   * Takes from the front what fits in one transaction. An operation that touches an id, key or hold
   * that one before it touches waits for the next, and so does what comes after it under that name.
   */
  private List<Operation<?>> together() {
    List<Operation<?>> batch = new ArrayList<>();
    taken = batch;
    Set<Object> claimed = new HashSet<>();
    int weight = 0;
    Iterator<Operation<?>> line = waiting.iterator();
    while (line.hasNext()) {
      Operation<?> next = line.next();
      if (!batch.isEmpty() && weight + next.weight() > MOST_RECORDS) {
        break;
      }
      if (claim(next, claimed)) {
        batch.add(next);
        weight += next.weight();
        line.remove();
      }
    }
    return batch;
  }

  private static boolean claim(Operation<?> operation, Set<Object> claimed) {
    boolean[] free = {true};
    operation.claims(name -> free[0] &= claimed.add(name));
    return free[0];
  }

  /** Lets nobody join any more; what waits is still served. */
  void close() {
    lock.lock();
    try {
      closed = true;
      events++;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
