package io.llmaccounting.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.internal.spool.Spooling;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.recording.OldUsage;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings records that wait in memory to the ledger, or while that is away to the spool. Without a
 * spool it tries again until it works or the accounting is closed. A record that the ledger refuses
 * keeps no other waiting. One thread of its own; everything else is safe for many threads.
 */
public final class Flusher {
  private static final long FIRST_PAUSE_NANOS = 20_000_000;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;
  private static final int NAMED = 100;
  private static final int MOST_BREAKS = 3;

  private final Parts parts;
  private final UsageBuffer buffer;
  private final OwnThread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private int breaks;
  private volatile boolean closed;
  private volatile boolean gaveUp;

  /**
   * What a flusher works with.
   *
   * @param spooling null where there is no spool
   */
  public record Parts(
      Buffering settings,
      GroupCommit commits,
      @Nullable Spooling spooling,
      Failures failures,
      Meters meters,
      RandomGenerator random,
      Ticker ticker) {}

  /** Starts the flusher's thread. */
  public Flusher(Parts parts) {
    this.parts = parts;
    this.buffer = new UsageBuffer(parts.settings(), parts.ticker());
    this.thread = new OwnThread("llm-accounting-buffer", this::serve, parts.failures()::brokeOff);
    thread.start();
  }

  /** Accepts a record if there is room, waiting for it at most {@code patience}. */
  boolean offer(PendingRecord pending, Duration patience) {
    return patience.isZero() ? buffer.offer(pending) : buffer.offer(pending, patience);
  }

  /** Waits until everything accepted so far is stored; false if that takes too long. */
  boolean flush(Duration patience) {
    return buffer.flush(patience);
  }

  Health.Buffer fill() {
    return buffer.fill();
  }

  private void serve() {
    while (!gaveUp) {
      List<PendingRecord> taken = buffer.take();
      if (taken.isEmpty()) {
        return;
      }
      // records whose sending breaks off here are taken again, but not for ever
      breaks++;
      if (breaks > MOST_BREAKS) {
        List<PendingRecord> first = taken.subList(0, 1);
        give(first, new IllegalStateException("storing it broke off " + MOST_BREAKS + " times"));
        done(first);
        continue;
      }
      Chunks<PendingRecord> chunks =
          new Chunks<>(breaks == 1 ? taken.size() : 1, pending -> pending, this::store);
      taken.forEach(chunks::add);
      chunks.flush();
    }
  }

  private void done(List<PendingRecord> chunk) {
    breaks = 0;
    if (!gaveUp) {
      buffer.done(chunk.size());
    }
  }

  private void store(List<PendingRecord> chunk) {
    long pause = FIRST_PAUSE_NANOS;
    while (!gaveUp) {
      RuntimeException error = tryToStore(chunk);
      if (error == null) {
        return;
      }
      if (isClosed(error)) {
        giveUnlessTaken(chunk, error);
        return;
      }
      parts.failures().contain(Failures.Consequence.FLUSH_WAITS, error);
      pause(pause / 2 + parts.random().nextLong(pause));
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
  }

  private static boolean isClosed(RuntimeException error) {
    return error instanceof BackendException backend
        && backend.kind() == BackendException.Kind.CLOSED;
  }

  // the closing thread may have taken it over meanwhile
  private void giveUnlessTaken(List<PendingRecord> chunk, RuntimeException error) {
    if (!gaveUp) {
      give(chunk, error);
      done(chunk);
    }
  }

  // returns null once the batch is stored, or given up record by record; else why it has to be
  // tried again
  private @Nullable RuntimeException tryToStore(List<PendingRecord> chunk) {
    List<RecordOutcome> outcomes;
    try {
      // this waits no longer than callers wait for room, then the loop goes round again
      RecordOperation operation =
          new RecordOperation(chunk, OldUsage.REFUSE, parts.spooling() == null);
      outcomes = parts.commits().book(operation);
    } catch (RuntimeException e) {
      if (Breaker.isOutage(e)) {
        return parts.spooling() == null ? e : spoolTaken(chunk, parts.spooling(), true);
      }
      if (isClosed(e)) {
        return parts.spooling() == null ? e : spoolTaken(chunk, parts.spooling(), false);
      }
      isolate(chunk, e);
      return null;
    }
    try {
      if (parts.spooling() != null) {
        parts.spooling().booked(chunk);
      }
      report(chunk, outcomes);
    } finally {
      // the records are stored, whatever becomes of those who are told of it
      done(chunk);
    }
    return null;
  }

  private @Nullable RuntimeException spoolTaken(
      List<PendingRecord> chunk, Spooling spooling, boolean inOutage) {
    RuntimeException error = spool(chunk, spooling, inOutage);
    if (error == null) {
      done(chunk);
      parts.failures().worked(Failures.Consequence.FLUSH_WAITS);
      parts.failures().worked(Failures.Consequence.NOT_FLUSHED);
    }
    return error;
  }

  private static @Nullable RuntimeException spool(
      List<PendingRecord> chunk, Spooling spooling, boolean inOutage) {
    try {
      spooling.spool(chunk, inOutage);
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private void isolate(List<PendingRecord> chunk, RuntimeException error) {
    if (chunk.size() > 1) {
      int half = chunk.size() / 2;
      store(chunk.subList(0, half));
      store(chunk.subList(half, chunk.size()));
    } else if (parts.spooling() == null || spoolTaken(chunk, parts.spooling(), false) != null) {
      // with a spool, the record is refused once more on its way back, and kept among the dead
      // letters
      giveUnlessTaken(chunk, error);
    }
  }

  private void report(List<PendingRecord> chunk, List<RecordOutcome> outcomes) {
    boolean allTaken = true;
    for (int i = 0; i < outcomes.size(); i++) {
      RuntimeException refusal = outcomes.get(i).refusal();
      RuntimeException tooOld = outcomes.get(i).tooOld();
      if (tooOld != null) {
        allTaken = false;
        give(chunk.subList(i, i + 1), tooOld);
      } else if (refusal != null) {
        allTaken = false;
        parts.failures().contain(Failures.Consequence.REFUSED_LATER, refusal);
      }
    }
    parts.failures().worked(Failures.Consequence.FLUSH_WAITS);
    parts.failures().worked(Failures.Consequence.NOT_FLUSHED);
    if (allTaken) {
      parts.failures().worked(Failures.Consequence.REFUSED_LATER);
    }
  }

  private void give(List<PendingRecord> chunk, RuntimeException error) {
    parts.meters().count(Meters.Count.LOST, chunk.size());
    parts
        .failures()
        .contain(
            Failures.Consequence.NOT_FLUSHED,
            new UsageLostException("the store refused it", chunk.size(), ids(chunk), error));
  }

  private static List<UUID> ids(List<PendingRecord> records) {
    return records.stream().limit(NAMED).map(pending -> pending.usage().id()).toList();
  }

  private void pause(long nanos) {
    lock.lock();
    try {
      // an orderly end does not wait for the next try
      long left = nanos;
      while (left > 0 && !gaveUp) {
        left = parts.ticker().await(closing, left);
      }
    } catch (InterruptedException e) {
      // the thread is the flusher's own: an interrupt only shortens this pause
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stores the records that wait, at most for {@code deadline}; accepts no more. Closing again does
   * nothing.
   *
   * @throws UsageLostException if it took longer and there is no spool to take the rest
   */
  public void close(Duration deadline) {
    if (closed) {
      return;
    }
    closed = true;
    buffer.close();
    if (!thread.join(deadline.toNanos())) {
      giveUp(deadline);
    }
  }

  private void giveUp(Duration deadline) {
    lock.lock();
    try {
      gaveUp = true;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
    List<PendingRecord> rest = buffer.drain();
    RuntimeException error = null;
    if (parts.spooling() != null) {
      error = spoolWhatFits(rest, parts.spooling());
    }
    if (!rest.isEmpty()) {
      parts.meters().count(Meters.Count.LOST, rest.size());
      throw new UsageLostException(
          "the store did not take it within %s of closing".formatted(deadline),
          rest.size(),
          ids(rest),
          error);
    }
  }

  // takes out of rest what the spool takes; there may be room for some
  private @Nullable RuntimeException spoolWhatFits(List<PendingRecord> rest, Spooling spooling) {
    RuntimeException error = null;
    int size = rest.size();
    while (!rest.isEmpty() && size > 0) {
      List<PendingRecord> first = rest.subList(0, Math.min(size, rest.size()));
      error = spool(first, spooling, true);
      if (error == null) {
        first.clear();
      } else {
        size = error instanceof SpoolFullException ? size / 2 : 0;
      }
    }
    return error;
  }
}
