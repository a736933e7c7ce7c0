package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;

/**
 * Counts limits anew while others go on recording: it is handed the records one by one, is told
 * what has become of some meanwhile, and is finished once nothing else writes. Confined to one
 * thread at a time.
 */
public interface Recounting {
  /** Records with chargedAt before this count for nothing; others may be handed over or not. */
  Instant from();

  /** Counts a record as it is now. */
  void add(RecordedUsage record);

  /** Takes back a record as it was added. */
  void remove(RecordedUsage record);

  /**
   * What the limits start with.
   *
   * @param view the ledger while nothing else writes: of its counters and bases those of the limits
   *     that are counted, and live holds; its records are not read again
   */
  SeededCounters finish(LedgerSnapshot view);
}
