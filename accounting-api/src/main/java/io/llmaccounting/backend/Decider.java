package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import java.util.List;
import java.util.UUID;

/**
 * Decides what one ledger transaction writes; storage never decides. Its methods are called in this
 * order, inside the transaction, and again from the start if it has to be repeated. None does I/O.
 */
public interface Decider {
  /** The records to store, at most one for each id and for each key of a project. */
  List<RecordedUsage> stamp(LedgerView view);

  /**
   * True if a stamped record is to be stored even though it lies behind the purge horizon, or the
   * record that had its key was purged.
   */
  default boolean storesOld(UUID id) {
    return false;
  }

  /**
   * The adjustments by which a stamped record came to be what it is, in order; the last agrees with
   * the record. Empty where nothing but the record is known.
   */
  default List<UsageAdjustment> adjustments(UUID id) {
    return List.of();
  }

  /** What to write, given what became of the records. */
  LedgerWrites decide(LedgerView view, StoredRecords records);
}
