package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.RecordOutcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The calls that the ledger has taken or refused and the spool still has: a full disk may refuse to
 * remove them, and they must not be sent to the ledger again. Confined to the replayer's thread,
 * but for their number.
 */
public final class ReplayedCalls {
  private static final int MOST_UNREMOVED = 100_000;

  private final Spool spool;
  private final Failures failures;
  private final Meters meters;
  private final Set<Long> booked = new HashSet<>();
  private final Map<SpoolEntry, RuntimeException> refused = new HashMap<>();
  private volatile int unremoved;

  /** Has none; removes them from {@code spool}. */
  public ReplayedCalls(Spool spool, Failures failures, Meters meters) {
    this.spool = spool;
    this.failures = failures;
    this.meters = meters;
  }

  /** Whether a call was sent to the ledger already. */
  boolean contain(SpoolEntry entry) {
    return booked.contains(entry.position())
        || refused.keySet().stream().anyMatch(one -> one.position() == entry.position());
  }

  /** Whether so many could not be removed that no more should be sent. */
  boolean areTooMany() {
    return unremoved >= MOST_UNREMOVED;
  }

  /**
   * How many calls the ledger has taken or refused that could not be removed from the spool yet.
   */
  int unremoved() {
    return unremoved;
  }

  /**
   * Notes what the ledger has made of calls, and removes them from the spool if it lets them go.
   */
  void done(List<SpoolEntry> sent, List<RecordOutcome> outcomes) {
    int taken = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      RuntimeException refusal = outcomes.get(i).refusal();
      if (refusal == null) {
        taken++;
        booked.add(sent.get(i).position());
      } else {
        refused.put(sent.get(i), refusal);
      }
    }
    meters.count(Meters.Count.REPLAYED, taken);
    if (taken == sent.size()) {
      failures.worked(Failures.Consequence.REFUSED_LATER);
    }
    boolean unused = remove();
  }

  /** Notes that the ledger refuses a call, and buries it if the spool lets it. */
  void refused(SpoolEntry entry, RuntimeException reason) {
    refused.put(entry, reason);
    boolean unused = remove();
  }

  /** Removes these calls from the spool; false if it fails to. */
  boolean remove() {
    if (booked.isEmpty() && refused.isEmpty()) {
      return true;
    }
    try {
      if (!booked.isEmpty()) {
        spool.remove(Set.copyOf(booked));
        booked.clear();
      }
      for (Map.Entry<SpoolEntry, RuntimeException> one : Map.copyOf(refused).entrySet()) {
        bury(one.getKey(), one.getValue());
        refused.remove(one.getKey());
      }
      unremoved = 0;
      failures.worked(Failures.Consequence.NOT_REMOVED);
      return true;
    } catch (RuntimeException e) {
      unremoved = booked.size() + refused.size();
      if (!(e instanceof BackendException b && b.kind() == BackendException.Kind.CLOSED)) {
        failures.contain(Failures.Consequence.NOT_REMOVED, e);
      }
      return false;
    }
  }

  private void bury(SpoolEntry entry, RuntimeException reason) {
    if (spool.deadLetters().bury(entry.position(), String.valueOf(reason.getMessage()))) {
      meters.count(Meters.Count.DEAD_LETTERED);
      UUID id = entry.call().usage().id();
      failures.contain(
          Failures.Consequence.REFUSED_LATER,
          new BackendException(
              BackendException.Kind.REJECTED,
              "usage of call %s was refused by the store and is kept among the dead letters of the spool: %s"
                  .formatted(id, reason.getMessage()),
              reason));
    }
  }
}
