package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.recording.OldUsage;
import java.util.List;

/**
 * Sends the next calls of the spool to the ledger, in order. A record that the ledger refuses keeps
 * no other waiting. Confined to the replayer's thread.
 */
public final class ReplayRound {
  private static final int CHUNK = 256;

  private final Spool spool;
  private final GroupCommit commits;
  private final OpenSpending spending;
  private final Balances balances;
  private final ReplayedCalls sent;
  private long seen;

  /**
   * Sends calls of {@code spool} by {@code commits}.
   *
   * @param balances know the calls that this process let in from leases
   */
  public ReplayRound(
      Spool spool,
      GroupCommit commits,
      OpenSpending spending,
      Balances balances,
      ReplayedCalls sent) {
    this.spool = spool;
    this.commits = commits;
    this.spending = spending;
    this.balances = balances;
    this.sent = sent;
  }

  /** Sends the next chunk; true if there may be more to send at once. */
  boolean run() {
    boolean isTidy = sent.remove();
    if (isTidy) {
      seen = 0;
    } else if (sent.areTooMany()) {
      return false;
    }
    List<SpoolEntry> waiting = spool.read(seen, CHUNK);
    if (waiting.isEmpty()) {
      if (isTidy) {
        spending.drained();
      }
      return false;
    }
    try {
      Chunks<SpoolEntry> chunks = new Chunks<>(CHUNK, this::entry, this::book);
      waiting.stream().filter(entry -> !sent.contain(entry)).forEach(chunks::add);
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
    return PendingRecord.of(entry.call(), balances.find(entry.call().usage().id()));
  }

  private void book(List<SpoolEntry> chunk) {
    List<RecordOutcome> outcomes;
    try {
      List<PendingRecord> records = chunk.stream().map(this::entry).toList();
      outcomes = commits.book(new RecordOperation(records, OldUsage.REFUSE, false));
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
    sent.done(chunk, outcomes);
  }

  private void isolate(List<SpoolEntry> chunk, RuntimeException error) {
    if (chunk.size() == 1) {
      sent.refused(chunk.get(0), error);
    } else {
      int half = chunk.size() / 2;
      book(chunk.subList(0, half));
      book(chunk.subList(half, chunk.size()));
    }
  }
}
