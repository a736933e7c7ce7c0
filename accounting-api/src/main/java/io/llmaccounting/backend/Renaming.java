package io.llmaccounting.backend;

import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives a user another name in all that is stored, so that a person's data can be erased. No sum
 * changes. Every call is one transaction, during which other processes may write; a call that is
 * repeated does what is left. Safe for use by many threads.
 */
public interface Renaming {
  /** What holds a user's name. */
  enum Place {
    /** Usage records. */
    RECORDS,
    /** Rollups of records that were purged; renaming records moves the others. */
    ROLLUPS,
    /** Counts of refused reserves. */
    DENIALS,
    /** Alerts that fired. */
    ALERTS
  }

  /**
   * How many rows hold the name. Of rollups all are counted, not only those behind the purge
   * horizon.
   */
  long count(Place place, NameChange change);

  /**
   * Renames the first records behind {@code after} that hold the name, as user or as value of a
   * tag, in order of id, with the fingerprints of their keys; their rollups follow.
   *
   * @param after where the slice before ended, or null for the first
   * @param count at most so many
   */
  RenamedSlice renameRecords(NameChange change, @Nullable UUID after, int count);

  /**
   * Renames rows other than records: of rollups those behind the purge horizon, and at most {@code
   * count}; of the others all of one subject.
   *
   * @return how many rows; 0 where none is left
   */
  long rename(Place place, NameChange change, int count);

  /** Changes limits, their counters and their bases, while nothing else writes. */
  void renameCounters(Function<LedgerSnapshot, RenamedCounters> renaming);

  /**
   * Overwrites the space that removed data took, where a store does that itself: SQLite writes its
   * whole file anew, and nothing else may use the file meanwhile.
   *
   * @return false where this is left to the database
   * @throws BackendException if the space could not be overwritten: what was removed may still be
   *     readable
   */
  boolean overwriteFreed();
}
