package io.llmaccounting.audit;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores the trail. A log neither makes nor checks seals, and gives back entries exactly as they
 * were given. Safe for use by many threads.
 */
public interface AuditLog {
  /**
   * Appends entries, all or none; durable when it returns. An entry whose id is there already with
   * the same content and the same seal changes nothing.
   *
   * @throws io.llmaccounting.backend.BackendException REJECTED if an id is taken by another entry
   *     or under another seal, and nothing was stored; UNAVAILABLE if the entries could not be
   *     stored, or were stored and the answer was lost
   */
  void append(List<SealedEntry> entries);

  /**
   * Finds the entries that {@code query} selects, newest first, ties by id.
   *
   * @return empty where there are none; never null
   */
  List<AuditEntry> find(AuditQuery query);

  /** The entry with this id. */
  Optional<SealedEntry> entry(UUID id);

  /** Reads one page of all entries, for export and verification. */
  List<ScannedEntry> scan(AuditScan scan);

  /** One page of the streams that have entries, by id. */
  List<AuditStream> streams(AuditStreams which);

  /** How many entries have no seal. */
  long unsealed();

  /**
   * Removes entries for retention.
   *
   * @return how many entries were removed; fewer than the limit when there are no more to remove
   */
  int remove(AuditRemoval removal);
}
