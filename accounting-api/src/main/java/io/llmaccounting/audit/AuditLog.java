package io.llmaccounting.audit;

import java.util.List;

/** The append-only trail. Safe for use by many threads. */
public interface AuditLog {
  /**
   * Appends entries, all or none; durable when it returns. An entry whose id is there already with
   * the same content changes nothing.
   *
   * @throws io.llmaccounting.backend.BackendException if they could not be stored, or an id is
   *     taken by another entry
   */
  void append(List<AuditEntry> entries);

  /**
   * Entries that {@code query} means, newest first, ties by id.
   *
   * @return empty where there are none; never null
   */
  List<AuditEntry> find(AuditQuery query);
}
