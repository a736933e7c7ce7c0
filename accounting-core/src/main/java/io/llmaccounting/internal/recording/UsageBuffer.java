package io.llmaccounting.internal.recording;

import io.llmaccounting.Buffering;
import io.llmaccounting.Health;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.ledger.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Records that wait in memory, first come first served. What was taken keeps its room until it is
 * done. No lock is held while anything is written. Safe for use by many threads.
 */
final class UsageBuffer {
  private final Buffering settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition toFlush = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
  private long records;
  private long bytes;
  private long accepted;
  private long done;
  private long flushUpTo;
  private long oldestNanos;
  private boolean closed;

  UsageBuffer(Buffering settings) {
    this.settings = settings;
  }

  /** Accepts a record if there is room. */
  boolean offer(Entry entry) {
    long size = Footprint.of(entry.usage());
    lock.lock();
    try {
      requireOpen();
      if (!fits(size)) {
        return false;
      }
      accept(entry, size);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Accepts a record once there is room; false if there is none within {@code patience}. */
  boolean offer(Entry entry, Duration patience) {
    long size = Footprint.of(entry.usage());
    long left = patience.toNanos();
    boolean interrupted = false;
    lock.lock();
    try {
      requireOpen();
      while (!fits(size)) {
        if (left <= 0) {
          return false;
        }
        try {
          left = room.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        requireOpen();
      }
      accept(entry, size);
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new BackendException(
          BackendException.Kind.CLOSED, "accounting is closed; nothing more can be recorded");
    }
  }

  private boolean fits(long size) {
    return records < settings.mostRecords()
        && (bytes + size <= settings.mostBytes() || records == 0);
  }

  private void accept(Entry entry, long size) {
    if (waiting.isEmpty()) {
      oldestNanos = System.nanoTime();
    }
    waiting.add(entry);
    records++;
    bytes += size;
    accepted++;
    if (waiting.size() == 1 || waiting.size() == settings.flushRecords()) {
      toFlush.signal();
    }
  }

  /** Waits for and takes what is to be sent; empty once it is closed and empty. */
  List<Entry> take() {
    lock.lock();
    try {
      while (!isDue()) {
        long age = waiting.isEmpty() ? 0 : System.nanoTime() - oldestNanos;
        long wait = waiting.isEmpty() ? Long.MAX_VALUE : settings.flushAge().toNanos() - age;
        try {
          long unused = toFlush.awaitNanos(Math.max(1, wait));
        } catch (InterruptedException e) {
          // the thread is the flusher's own: whoever interrupts it only shortens this wait
        }
      }
      List<Entry> taken = new ArrayList<>(Math.min(waiting.size(), settings.flushRecords()));
      while (!waiting.isEmpty() && taken.size() < settings.flushRecords()) {
        taken.add(waiting.remove());
      }
      // what stays has waited for no longer than this
      oldestNanos = System.nanoTime();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue() {
    return closed
        || waiting.size() >= settings.flushRecords()
        || (!waiting.isEmpty()
            && (done < flushUpTo
                || System.nanoTime() - oldestNanos >= settings.flushAge().toNanos()));
  }

  /** Takes everything: nobody sends it any more. */
  List<Entry> drain() {
    lock.lock();
    try {
      List<Entry> all = new ArrayList<>(waiting);
      waiting.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** What was taken is stored, or given up: its room is free. */
  void done(List<Entry> taken) {
    long freed = 0;
    for (Entry entry : taken) {
      freed += Footprint.of(entry.usage());
    }
    lock.lock();
    try {
      records -= taken.size();
      bytes -= freed;
      done += taken.size();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends what waits and waits until it is done; false if that takes longer than {@code patience}.
   */
  boolean flush(Duration patience) {
    boolean interrupted = false;
    long left = patience.toNanos();
    lock.lock();
    try {
      long target = accepted;
      flushUpTo = Math.max(flushUpTo, target);
      toFlush.signal();
      while (done < target) {
        if (left <= 0) {
          return false;
        }
        try {
          left = room.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Accepts nothing more; what waits is still taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      toFlush.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How full it is. */
  Health.Buffer fill() {
    lock.lock();
    try {
      return new Health.Buffer(records, bytes, settings.mostRecords(), settings.mostBytes());
    } finally {
      lock.unlock();
    }
  }
}
