package io.llmaccounting.retention;

/** What an erasure works on. */
public enum ErasureKind {
  /** Entries of the directory, which are removed with their e-mail address. */
  DIRECTORY,
  /** Keys by which callers are known; those of the person are revoked. */
  KEYS,
  /** Records of calls. */
  USAGE,
  /** Rollups: sums that hold the name, most of which follow their records. */
  ROLLUPS,
  /** Limits and exemptions that name the user. */
  LIMITS,
  /** Counts of refused reserves. */
  DENIALS,
  /** Alerts that fired. */
  ALERTS,
  /** Entries of the audit log. */
  AUDIT_ENTRIES
}
