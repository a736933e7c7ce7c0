package io.llmaccounting.audit;

import java.util.List;

/** A log from whose entries a person's data can be erased. Safe for use by many threads. */
public interface ErasableAuditLog extends AuditLog {
  /**
   * Replaces entries, in one transaction: each that is still stored as {@code before} says. An
   * entry that is not, because it has left or was replaced by somebody else, stays as it is.
   *
   * @return how many were replaced
   */
  int replace(List<ErasedEntry> entries);
}
