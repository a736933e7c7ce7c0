package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import java.util.List;

/**
 * Policy of one ledger transaction; storage never decides. Both methods are called in this order,
 * inside the transaction, and again from the start if it has to be repeated. Neither does I/O.
 */
public interface Decider {
  /** The records to store, at most one for each id and for each key of a project. */
  List<RecordedUsage> stamp(LedgerView view);

  /** What to write, given what became of the records. */
  LedgerWrites decide(LedgerView view, StoredRecords records);
}
