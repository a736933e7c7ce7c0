package io.llmaccounting.backend;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
 * @param expiredFrom if the ledger's clock reads this or later, some holds that have expired are
 *     looked for; null where none are wanted
 */
public record LedgerBatch(
    long limitRevision,
    SortedSet<CounterKey> counters,
    Set<UUID> holdsTaken,
    Set<UUID> holdsRead,
    Set<UUID> recordsRead,
    @Nullable Instant expiredFrom) {
  /** How many expired holds are handed over at once. */
  public static final int EXPIRED_AT_ONCE = 64;

  /** A batch that looks for no expired holds. */
  public LedgerBatch(
      long limitRevision,
      SortedSet<CounterKey> counters,
      Set<UUID> holdsTaken,
      Set<UUID> holdsRead,
      Set<UUID> recordsRead) {
    this(limitRevision, counters, holdsTaken, holdsRead, recordsRead, null);
  }

  /** A batch that corrects no record and looks for no expired holds. */
  public LedgerBatch(
      long limitRevision,
      SortedSet<CounterKey> counters,
      Set<UUID> holdsTaken,
      Set<UUID> holdsRead) {
    this(limitRevision, counters, holdsTaken, holdsRead, Set.of(), null);
  }

  /** Copies the sets. */
  public LedgerBatch {
    counters = Collections.unmodifiableSortedSet(new TreeSet<>(counters));
    holdsTaken = Set.copyOf(holdsTaken);
    holdsRead = Set.copyOf(holdsRead);
    recordsRead = Set.copyOf(recordsRead);
  }
}
