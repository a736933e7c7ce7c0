package io.llmaccounting.retention;

/** What a purge removes. */
public enum PurgeKind {
  /** Records of calls, with their corrections. */
  USAGE,
  /** Idempotency keys of calls that were purged. */
  KEYS,
  /** Sums that reports over purged usage are read from. */
  ROLLUPS,
  /** Counts of refused reserves. */
  DENIALS,
  /** Alerts that were delivered. */
  ALERTS,
  /** Entries of the audit log. */
  AUDIT_ENTRIES
}
