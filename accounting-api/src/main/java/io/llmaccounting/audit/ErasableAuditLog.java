package io.llmaccounting.audit;

import java.util.List;

/** A log from whose entries a person's data can be erased. Safe for use by many threads. */
public interface ErasableAuditLog extends AuditLog {
  /**
   * Replaces entries, in one transaction. Each is replaced only if it is still stored as its {@code
   * before} says: one that was removed or replaced by somebody else meanwhile is left alone.
   *
   * @return how many were replaced
   */
  int replace(List<ErasedEntry> entries);
}
