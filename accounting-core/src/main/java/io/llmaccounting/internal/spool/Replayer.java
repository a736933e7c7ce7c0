package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.recording.OldUsage;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings the calls that wait in the spool to the ledger, in order, while the ledger can be reached.
 * One chunk at a time is under way, in the same queue as all other work, so that new calls are not
 * kept waiting. A record that the ledger refuses is buried and keeps no other waiting. One thread
 * of its own; everything else is safe for many threads.
 */
public final class Replayer {
  private static final int CHUNK = 256;
  private static final int MOST_UNREMOVED = 100_000;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Parts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final OwnThread thread;
  // The calls that the ledger has taken or refused and the spool still has: a full disk may refuse
  // to remove them, and they must not be sent to the ledger again. Only the replayer's thread uses
  // this.
  private final Set<Long> booked = new HashSet<>();
  private final Map<SpoolEntry, RuntimeException> refused = new HashMap<>();
  private long seen;
  private volatile int unremoved;
  private boolean awake;
  private boolean closed;

  /** What a replayer works with. */
  public record Parts(
      Spool spool,
      GroupCommit commits,
      Breaker breaker,
      OpenSpending spending,
      Failures failures,
      Meters meters,
      Balances balances,
      Ticker ticker) {}

  /** Makes a replayer that has not begun. */
  public Replayer(Parts parts) {
    this.parts = parts;
    this.thread = new OwnThread("llm-accounting-replay", this::serve, parts.failures()::brokeOff);
  }

  /** Begins, with the calls that an earlier process left. */
  public void start() {
    thread.start();
  }

  /** Wakes the thread, because something was spooled or the store is back. */
  public void wake() {
    lock.lock();
    try {
      awake = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    while (!isClosed()) {
      boolean more = false;
      try {
        more = !parts.breaker().isOpen() && replay();
        parts.failures().worked(Failures.Consequence.NOT_REPLAYED);
      } catch (Throwable e) {
        parts.failures().contain(Failures.Consequence.NOT_REPLAYED, Failures.of(e));
      }
      if (!more) {
        pause();
      }
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void pause() {
    lock.lock();
    try {
      long left = LOOK_AGAIN.toNanos();
      while (left > 0 && !awake && !closed) {
        left = parts.ticker().await(news, left);
      }
      awake = false;
    } catch (InterruptedException e) {
      // the thread is the replayer's own: an interrupt only shortens this pause
    } finally {
      lock.unlock();
    }
  }

  // returns true if there may be more to do at once
  private boolean replay() {
    boolean isTidy = tidy();
    if (isTidy) {
      seen = 0;
    } else if (unremoved >= MOST_UNREMOVED) {
      return false;
    }
    List<SpoolEntry> waiting = parts.spool().read(seen, CHUNK);
    if (waiting.isEmpty()) {
      if (isTidy) {
        parts.spending().drained();
      }
      return false;
    }
    try {
      Chunks<SpoolEntry> chunks = new Chunks<>(CHUNK, this::entry, this::book);
      waiting.stream().filter(this::isNew).forEach(chunks::add);
      chunks.flush();
      seen = waiting.get(waiting.size() - 1).position();
      return true;
    } catch (BackendException e) {
      // these failures are not told: the breaker knows that the store is away, and the owner that
      // it is closed
      if (Breaker.isOutage(e) || e.kind() == BackendException.Kind.CLOSED) {
        return false;
      }
      throw e;
    }
  }

  // calls that this process let in from leases give back what they expected of them
  private PendingRecord entry(SpoolEntry entry) {
    return PendingRecord.of(entry.call(), parts.balances().find(entry.call().usage().id()));
  }

  private boolean isNew(SpoolEntry entry) {
    return !booked.contains(entry.position())
        && refused.keySet().stream().noneMatch(one -> one.position() == entry.position());
  }

  /**
   * Removes the calls from the spool that the ledger has taken or refused; false if the spool fails
   * to.
   */
  private boolean tidy() {
    if (booked.isEmpty() && refused.isEmpty()) {
      return true;
    }
    try {
      if (!booked.isEmpty()) {
        parts.spool().remove(Set.copyOf(booked));
        booked.clear();
      }
      for (Map.Entry<SpoolEntry, RuntimeException> one : Map.copyOf(refused).entrySet()) {
        bury(one.getKey(), one.getValue());
        refused.remove(one.getKey());
      }
      unremoved = 0;
      parts.failures().worked(Failures.Consequence.NOT_REMOVED);
      return true;
    } catch (RuntimeException e) {
      unremoved = booked.size() + refused.size();
      if (!(e instanceof BackendException b && b.kind() == BackendException.Kind.CLOSED)) {
        parts.failures().contain(Failures.Consequence.NOT_REMOVED, e);
      }
      return false;
    }
  }

  /**
   * How many calls the ledger has taken or refused that could not be removed from the spool yet.
   */
  int unremoved() {
    return unremoved;
  }

  private void book(List<SpoolEntry> chunk) {
    List<RecordOutcome> outcomes;
    try {
      outcomes =
          parts
              .commits()
              .book(
                  new RecordOperation(
                      chunk.stream().map(this::entry).toList(), OldUsage.REFUSE, false));
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      isolate(chunk, e);
      return;
    } catch (RuntimeException e) {
      isolate(chunk, e);
      return;
    }
    done(chunk, outcomes);
  }

  private void isolate(List<SpoolEntry> chunk, RuntimeException error) {
    if (chunk.size() == 1) {
      refused.put(chunk.get(0), error);
      boolean unused = tidy();
    } else {
      int half = chunk.size() / 2;
      book(chunk.subList(0, half));
      book(chunk.subList(half, chunk.size()));
    }
  }

  private void done(List<SpoolEntry> chunk, List<RecordOutcome> outcomes) {
    int taken = 0;
    for (int i = 0; i < chunk.size(); i++) {
      RuntimeException refusal = outcomes.get(i).refusal();
      if (refusal == null) {
        taken++;
        booked.add(chunk.get(i).position());
      } else {
        refused.put(chunk.get(i), refusal);
      }
    }
    parts.meters().count(Meters.Count.REPLAYED, taken);
    if (taken == chunk.size()) {
      parts.failures().worked(Failures.Consequence.REFUSED_LATER);
    }
    boolean unused = tidy();
  }

  private void bury(SpoolEntry entry, RuntimeException reason) {
    if (parts.spool().deadLetters().bury(entry.position(), String.valueOf(reason.getMessage()))) {
      parts.meters().count(Meters.Count.DEAD_LETTERED);
      UUID id = entry.call().usage().id();
      parts
          .failures()
          .contain(
              Failures.Consequence.REFUSED_LATER,
              new BackendException(
                  BackendException.Kind.REJECTED,
                  "usage of call %s was refused by the store and is kept among the dead letters of the spool: %s"
                      .formatted(id, reason.getMessage()),
                  reason));
    }
  }

  /** Ends after the chunk that is under way; calls that wait are left for the next start. */
  public void close(Duration deadline) {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
    boolean unused = thread.join(deadline.toNanos());
  }
}
