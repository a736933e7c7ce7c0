package io.llmaccounting.backend;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What one ledger transaction works on.
 *
 * @param limitRevision the revision of the limits that the batch was matched with
 * @param counters counters to create where missing, to lock and to read, in the order of locking
 * @param holdsTaken holds to remove and hand to the decider; those of their counters that exist are
 *     locked and read too
 * @param holdsRead holds to hand to the decider; those of their counters that exist are locked and
 *     read too
 * @param recordsRead records to lock and hand to the decider
 */
public record LedgerBatch(
    long limitRevision,
    SortedSet<CounterKey> counters,
    Set<UUID> holdsTaken,
    Set<UUID> holdsRead,
    Set<UUID> recordsRead) {

  /** A batch that corrects no record. */
  public LedgerBatch(
      long limitRevision,
      SortedSet<CounterKey> counters,
      Set<UUID> holdsTaken,
      Set<UUID> holdsRead) {
    this(limitRevision, counters, holdsTaken, holdsRead, Set.of());
  }

  /** Copies the sets. */
  public LedgerBatch {
    counters = Collections.unmodifiableSortedSet(new TreeSet<>(counters));
    holdsTaken = Set.copyOf(holdsTaken);
    holdsRead = Set.copyOf(holdsRead);
    recordsRead = Set.copyOf(recordsRead);
  }
}
