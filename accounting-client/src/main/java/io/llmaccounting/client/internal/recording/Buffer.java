package io.llmaccounting.client.internal.recording;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Records that wait in memory, in order, and those under way. Bounded. Safe for use by many
 * threads.
 */
final class Buffer {
  /** Servers take bodies of 4 MB. */
  private static final long MOST_BATCH_BYTES = 2_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Deque<Pending> events = new ArrayDeque<>();
  private final Deque<Pending> settles = new ArrayDeque<>();
  private final int mostRecords;
  private final long mostBytes;
  private long records;
  private long bytes;
  private long signals;
  private boolean flushing;
  private boolean ended;

  Buffer(int mostRecords, long mostBytes) {
    this.mostRecords = mostRecords;
    this.mostBytes = mostBytes;
  }

  /** Takes a record; false if there is no room. */
  boolean add(Pending one) {
    lock.lock();
    try {
      if (records >= mostRecords || (records > 0 && bytes + one.json.length > mostBytes)) {
        return false;
      }
      records++;
      bytes += one.json.length;
      queue(one).addLast(one);
      tell();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes records of the spool, which have room there. */
  void addReplayed(List<Pending> replayed) {
    lock.lock();
    try {
      for (Pending one : replayed) {
        records++;
        bytes += one.json.length;
        queue(one).addLast(one);
      }
      tell();
    } finally {
      lock.unlock();
    }
  }

  private Deque<Pending> queue(Pending one) {
    return one.settles ? settles : events;
  }

  /** Puts records back that were under way, in front of all others. */
  void putBack(List<Pending> again) {
    lock.lock();
    try {
      for (int i = again.size() - 1; i >= 0; i--) {
        queue(again.get(i)).addFirst(again.get(i));
      }
      tell();
    } finally {
      lock.unlock();
    }
  }

  /** A record that was under way goes on as another of the same bytes. */
  void replace(Pending plain) {
    putBack(List.of(plain));
  }

  /** A record that was taken has come to its end. */
  void settled(Pending one) {
    lock.lock();
    try {
      records--;
      bytes -= one.json.length;
      tell();
    } finally {
      lock.unlock();
    }
  }

  /** Records that are due: at least {@code least}, or where the oldest waits longer than so. */
  List<Pending> due(int most, long oldestNanos, long now) {
    lock.lock();
    try {
      Pending first = events.peekFirst();
      boolean due =
          first != null
              && (flushing || ended || events.size() >= most || now - first.since >= oldestNanos);
      return due ? taken(events, most) : List.of();
    } finally {
      lock.unlock();
    }
  }

  /** How long until a record is due; {@link Long#MAX_VALUE} if none waits. */
  long nanosUntilDue(long oldestNanos, long now) {
    lock.lock();
    try {
      Pending first = events.peekFirst();
      return first == null ? Long.MAX_VALUE : Math.max(0, oldestNanos - (now - first.since));
    } finally {
      lock.unlock();
    }
  }

  /** The settlement that waits longest; none where none does. */
  List<Pending> settlement() {
    lock.lock();
    try {
      return taken(settles, 1);
    } finally {
      lock.unlock();
    }
  }

  boolean hasSettlements() {
    lock.lock();
    try {
      return !settles.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private static List<Pending> taken(Deque<Pending> from, int most) {
    List<Pending> batch = new ArrayList<>(Math.min(most, from.size()));
    long size = 0;
    while (batch.size() < most && !from.isEmpty()) {
      size += from.getFirst().json.length;
      if (!batch.isEmpty() && size > MOST_BATCH_BYTES) {
        break;
      }
      batch.add(from.removeFirst());
    }
    return batch;
  }

  /** All that wait and are not of the spool; they count as taken. */
  List<Pending> drain() {
    lock.lock();
    try {
      List<Pending> all = new ArrayList<>();
      drain(events, all);
      drain(settles, all);
      return all;
    } finally {
      lock.unlock();
    }
  }

  private static void drain(Deque<Pending> from, List<Pending> to) {
    from.removeIf(
        one -> {
          boolean own = one.from == null;
          if (own) {
            to.add(one);
          }
          return own;
        });
  }

  // under the lock
  private void tell() {
    signals++;
    news.signalAll();
  }

  /** How much news there was. */
  long news() {
    lock.lock();
    try {
      return signals;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for more news than {@code known}, at most so long, and at most a second. */
  void await(long known, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = Math.min(nanos, TimeUnit.SECONDS.toNanos(1));
      while (signals == known && left > 0) {
        left = news.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    lock.lock();
    try {
      tell();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing waits and nothing is under way; false if that takes too long. */
  boolean awaitEmpty(long nanos) throws InterruptedException {
    lock.lock();
    try {
      flushing = true;
      tell();
      long left = nanos;
      while (records > 0 && left > 0) {
        left = news.awaitNanos(left);
      }
      return records == 0;
    } finally {
      flushing = false;
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      tell();
    } finally {
      lock.unlock();
    }
  }

  long records() {
    lock.lock();
    try {
      return records;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  int mostRecords() {
    return mostRecords;
  }

  long mostBytes() {
    return mostBytes;
  }
}
