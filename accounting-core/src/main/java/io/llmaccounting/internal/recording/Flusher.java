package io.llmaccounting.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.internal.spool.Overflow;
import io.llmaccounting.recording.OldUsage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings records that wait in memory to the ledger, or while that is away to the spool. Without a
 * spool it tries again until it works or the accounting is closed. A record that the ledger refuses
 * keeps no other waiting. One thread of its own; everything else is safe for many threads.
 */
public final class Flusher {
  private static final int MOST_BREAKS = 3;

  private final UsageBuffer buffer;
  private final GroupCommit commits;
  private final Overflow overflow;
  private final Backoff backoff;
  private final FlushReport report;
  private final OwnThread thread;
  private int breaks;
  private volatile boolean closed;

  /**
   * Starts the flusher's thread, which brings what {@code buffer} keeps to the ledger.
   *
   * @param backoff pauses between tries, and is ended by this only
   */
  public Flusher(
      UsageBuffer buffer,
      GroupCommit commits,
      Overflow overflow,
      Backoff backoff,
      FlushReport report) {
    this.buffer = buffer;
    this.commits = commits;
    this.overflow = overflow;
    this.backoff = backoff;
    this.report = report;
    this.thread = new OwnThread("llm-accounting-buffer", this::serve, report::brokeOff);
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

  /** True once closing has given up what was left. */
  boolean hasEnded() {
    return buffer.hasEnded();
  }

  Health.Buffer fill() {
    return buffer.fill();
  }

  private void serve() {
    while (!backoff.isEnded()) {
      List<PendingRecord> taken = buffer.take();
      if (taken.isEmpty()) {
        return;
      }
      // records whose sending breaks off here are taken again, but not for ever
      breaks++;
      if (breaks > MOST_BREAKS) {
        List<PendingRecord> first = taken.subList(0, 1);
        report.lost(
            first, new IllegalStateException("storing it broke off " + MOST_BREAKS + " times"));
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
    if (!backoff.isEnded()) {
      buffer.done(chunk.size());
    }
  }

  private void store(List<PendingRecord> chunk) {
    for (int tries = 1; !backoff.isEnded(); tries++) {
      RuntimeException error = tryToStore(chunk);
      if (error == null) {
        return;
      }
      if (isClosed(error)) {
        giveUnlessTaken(chunk, error);
        return;
      }
      report.waits(error);
      backoff.pause(tries);
    }
  }

  private static boolean isClosed(RuntimeException error) {
    return error instanceof BackendException backend
        && backend.kind() == BackendException.Kind.CLOSED;
  }

  // the closing thread may have taken it over meanwhile
  private void giveUnlessTaken(List<PendingRecord> chunk, RuntimeException error) {
    if (!backoff.isEnded()) {
      report.lost(chunk, error);
      done(chunk);
    }
  }

  // returns null once the batch is stored, or given up record by record; else why it has to be
  // tried again
  private @Nullable RuntimeException tryToStore(List<PendingRecord> chunk) {
    List<RecordOutcome> outcomes;
    try {
      // this waits no longer than callers wait for room, then the loop goes round again
      outcomes = commits.book(new RecordOperation(chunk, OldUsage.REFUSE, !overflow.keeps()));
    } catch (RuntimeException e) {
      if (Breaker.isOutage(e) || isClosed(e)) {
        return overflow.keeps() ? spoolTaken(chunk, !isClosed(e)) : e;
      }
      isolate(chunk, e);
      return null;
    }
    try {
      overflow.booked(chunk);
      tell(chunk, outcomes);
    } finally {
      // the records are stored, whatever becomes of those who are told of it
      done(chunk);
    }
    return null;
  }

  private @Nullable RuntimeException spoolTaken(List<PendingRecord> chunk, boolean inOutage) {
    RuntimeException error = spool(chunk, inOutage);
    if (error == null) {
      done(chunk);
      report.kept();
    }
    return error;
  }

  private @Nullable RuntimeException spool(List<PendingRecord> chunk, boolean inOutage) {
    try {
      overflow.spool(chunk, inOutage);
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
    } else if (!overflow.keeps() || spoolTaken(chunk, false) != null) {
      // with a spool, the record is refused once more on its way back, and kept among the dead
      // letters
      giveUnlessTaken(chunk, error);
    }
  }

  private void tell(List<PendingRecord> chunk, List<RecordOutcome> outcomes) {
    boolean allTaken = true;
    for (int i = 0; i < outcomes.size(); i++) {
      RuntimeException refusal = outcomes.get(i).refusal();
      RuntimeException tooOld = outcomes.get(i).tooOld();
      if (tooOld != null) {
        allTaken = false;
        report.lost(chunk.subList(i, i + 1), tooOld);
      } else if (refusal != null) {
        allTaken = false;
        report.refused(refusal);
      }
    }
    report.kept();
    if (allTaken) {
      report.allTaken();
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
      // who ends the process does not go on before who closes has stored what waits
      boolean unused = buffer.flush(deadline);
      return;
    }
    closed = true;
    buffer.close();
    if (!thread.join(deadline.toNanos())) {
      giveUp(deadline);
    }
  }

  private void giveUp(Duration deadline) {
    backoff.end();
    List<PendingRecord> rest = buffer.drain();
    RuntimeException error = null;
    try {
      error = overflow.keeps() ? spoolWhatFits(rest) : null;
    } finally {
      buffer.end(rest.size());
    }
    if (!rest.isEmpty()) {
      throw report.lost(
          "the store did not take it within %s of closing".formatted(deadline), rest, error);
    }
  }

  // takes out of rest what the spool takes; there may be room for some
  private @Nullable RuntimeException spoolWhatFits(List<PendingRecord> rest) {
    RuntimeException error = null;
    int size = rest.size();
    while (!rest.isEmpty() && size > 0) {
      List<PendingRecord> first = rest.subList(0, Math.min(size, rest.size()));
      error = spool(first, true);
      if (error == null) {
        first.clear();
      } else {
        size = error instanceof SpoolFullException ? size / 2 : 0;
      }
    }
    return error;
  }
}
