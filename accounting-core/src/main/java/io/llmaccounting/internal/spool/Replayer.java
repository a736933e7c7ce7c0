package io.llmaccounting.internal.spool;

import io.llmaccounting.OldUsage;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.internal.calls.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.Booked;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.Entry;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.outage.Breaker;
import io.llmaccounting.internal.outage.OpenSpending;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings what waits in the spool to the ledger, in order, while the ledger can be reached. One
 * chunk at a time is under way, in the same line as everything else, so that what comes in
 * meanwhile is not kept waiting. A record that the ledger refuses is buried and keeps no other
 * waiting. One thread of its own; everything else is safe for many threads.
 */
public final class Replayer {
  private static final int CHUNK = 256;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Parts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Thread thread;
  private boolean awake;
  private boolean closed;

  /** What a replayer works with. */
  public record Parts(
      Spool spool,
      Combiner combiner,
      Breaker breaker,
      OpenSpending spending,
      Failures failures,
      Meters meters) {}

  /** A replayer that has not begun. */
  public Replayer(Parts parts) {
    this.parts = parts;
    this.thread = new Thread(this::serve, "llm-accounting-replay");
    thread.setDaemon(true);
  }

  /** Begins, with what an earlier process left. */
  public void start() {
    thread.start();
  }

  /** Something was spooled, or the store is back. */
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
      } catch (VirtualMachineError e) {
        throw e;
      } catch (RuntimeException e) {
        parts.failures().contain(Failures.Consequence.NOT_REPLAYED, e);
      } catch (Error e) {
        parts
            .failures()
            .contain(Failures.Consequence.NOT_REPLAYED, new IllegalStateException(e.toString(), e));
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
        left = news.awaitNanos(left);
      }
      awake = false;
    } catch (InterruptedException e) {
      // the thread is the replayer's own: whoever interrupts it only shortens this pause
    } finally {
      lock.unlock();
    }
  }

  // true if there may be more to do at once
  private boolean replay() {
    List<SpoolEntry> waiting = parts.spool().read(0, CHUNK);
    if (waiting.isEmpty()) {
      parts.spending().drained();
      return false;
    }
    try {
      Chunks<SpoolEntry> chunks = new Chunks<>(CHUNK, entry -> Entry.of(entry.call()), this::book);
      waiting.forEach(chunks::add);
      chunks.flush();
      return true;
    } catch (BackendException e) {
      // the breaker says that the store is away, the owner that it is closed: both know already
      if (Breaker.isOutage(e) || e.kind() == BackendException.Kind.CLOSED) {
        return false;
      }
      throw e;
    }
  }

  private void book(List<SpoolEntry> chunk) {
    List<Booked> outcomes;
    try {
      outcomes =
          parts
              .combiner()
              .book(
                  new RecordOperation(
                      chunk.stream().map(entry -> Entry.of(entry.call())).toList(),
                      OldUsage.REFUSE,
                      false));
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
      bury(chunk.get(0), error);
    } else {
      int half = chunk.size() / 2;
      book(chunk.subList(0, half));
      book(chunk.subList(half, chunk.size()));
    }
  }

  private void done(List<SpoolEntry> chunk, List<Booked> outcomes) {
    Set<Long> booked = new HashSet<>();
    for (int i = 0; i < chunk.size(); i++) {
      RuntimeException refusal = outcomes.get(i).refusal();
      if (refusal == null) {
        booked.add(chunk.get(i).position());
      } else {
        bury(chunk.get(i), refusal);
      }
    }
    parts.spool().remove(booked);
    parts.meters().count(Meters.Count.REPLAYED, booked.size());
    if (booked.size() == chunk.size()) {
      parts.failures().worked(Failures.Consequence.REFUSED_LATER);
    }
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

  /** Ends after what is under way; what waits is left for the next start. */
  public void close(Duration deadline) {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Math.max(1, deadline.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
