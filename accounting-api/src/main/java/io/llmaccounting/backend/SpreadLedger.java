package io.llmaccounting.backend;

import org.jspecify.annotations.Nullable;

/**
 * A ledger that keeps the usage of projects in several places, such as servers. What touches one
 * place is booked there alone, and at the same time as what touches another. Safe for use by many
 * threads.
 */
public interface SpreadLedger extends Ledger {
  /** The place where all lies that is not the usage of a project. */
  int HOME = 0;

  /**
   * Returns the place where the usage of a project lies, null for calls without one; never
   * negative, and {@link #HOME} where it lies together with all else. Asks nobody.
   */
  int placeOf(@Nullable String project);

  /**
   * Does what {@link #transact} does for a batch that names no counters, holds and records, and
   * whose decider stores records of one place only.
   *
   * @param place what {@link #placeOf} says of the records' projects
   * @throws StaleLimitsException if the limits have another revision; nothing was written
   * @throws BackendException if it failed; a passing failure may have been committed all the same
   */
  void transactAt(int place, LedgerBatch batch, Decider decider);
}
