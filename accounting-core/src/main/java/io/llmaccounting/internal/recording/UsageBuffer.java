package io.llmaccounting.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.Health;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.recording.Buffering;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Records that wait in memory, first come first served. Records that were taken keep their room
 * until they are done. No lock is held while anything is written. Safe for use by many threads.
 */
public final class UsageBuffer {
  private final Buffering settings;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition toFlush = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  // The records taken last: the thread that takes them may break off, so they stay here until they
  // are done.
  private final ArrayDeque<PendingRecord> taken = new ArrayDeque<>();
  private long records;
  private long bytes;
  private long accepted;
  private long done;
  private long flushUpTo;
  private boolean closed;
  private boolean ended;

  private record Waiting(PendingRecord pending, long sinceNanos) {}

  /** Is empty; {@code ticker} says how long records have waited. */
  public UsageBuffer(Buffering settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
  }

  /** Accepts a record if there is room. */
  boolean offer(PendingRecord pending) {
    long size = Footprint.of(pending);
    lock.lock();
    try {
      requireOpen();
      if (!fits(size)) {
        return false;
      }
      accept(pending, size);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Accepts a record once there is room; false if there is none within {@code patience}. */
  boolean offer(PendingRecord pending, Duration patience) {
    long size = Footprint.of(pending);
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
          left = ticker.await(room, left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        requireOpen();
      }
      accept(pending, size);
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

  private void accept(PendingRecord pending, long size) {
    waiting.add(new Waiting(pending, ticker.nanoTime()));
    records++;
    bytes += size;
    accepted++;
    if (waiting.size() == 1 || waiting.size() == settings.flushRecords()) {
      toFlush.signal();
    }
  }

  /**
   * Waits for records and takes those that are to be sent; returns none once the buffer is closed
   * and empty. Records that were taken before and are not done come first.
   */
  List<PendingRecord> take() {
    lock.lock();
    try {
      while (taken.isEmpty() && !isDue()) {
        long wait = waiting.isEmpty() ? Long.MAX_VALUE : settings.flushAge().toNanos() - age();
        try {
          long unused = ticker.await(toFlush, Math.max(1, wait));
        } catch (InterruptedException e) {
          // the thread is the flusher's own: an interrupt only shortens this wait
        }
      }
      if (taken.isEmpty()) {
        while (!waiting.isEmpty() && taken.size() < settings.flushRecords()) {
          taken.add(waiting.element().pending());
          waiting.remove();
        }
      }
      return new ArrayList<>(taken);
    } finally {
      lock.unlock();
    }
  }

  // the age of the first record that waits, which is the oldest
  private long age() {
    return ticker.nanoTime() - waiting.element().sinceNanos();
  }

  private boolean isDue() {
    return closed
        || waiting.size() >= settings.flushRecords()
        || (!waiting.isEmpty() && (done < flushUpTo || age() >= settings.flushAge().toNanos()));
  }

  /**
   * Empties the buffer and returns every record that is not done, those that were taken first:
   * nobody else sends them any more. Whoever flushes waits until {@link #end} tells what became of
   * them.
   */
  List<PendingRecord> drain() {
    lock.lock();
    try {
      List<PendingRecord> all = new ArrayList<>(taken);
      waiting.forEach(one -> all.add(one.pending()));
      taken.clear();
      waiting.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells that of what was drained all is kept but the last {@code lost}; nothing comes any more.
   */
  void end(int lost) {
    lock.lock();
    try {
      ended = true;
      done = accepted - lost;
      records = 0;
      bytes = 0;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes that the first {@code count} of the records taken are stored, or given up: their room is
   * free.
   */
  void done(int count) {
    lock.lock();
    try {
      for (int i = 0; i < count && !taken.isEmpty(); i++) {
        bytes -= Footprint.of(taken.element());
        taken.remove();
        records--;
        done++;
      }
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the records that wait sent, and waits until they are done; false if that takes longer than
   * {@code patience}, or if some were given up when this was closed.
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
        if (ended || left <= 0) {
          return false;
        }
        try {
          left = ticker.await(room, left);
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

  /** True once {@link #end} has told what became of what was drained. */
  boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Accepts no more records; those that wait are still taken. */
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

  /** Says how full the buffer is. */
  Health.Buffer fill() {
    lock.lock();
    try {
      return new Health.Buffer(records, bytes, settings.mostRecords(), settings.mostBytes());
    } finally {
      lock.unlock();
    }
  }
}
