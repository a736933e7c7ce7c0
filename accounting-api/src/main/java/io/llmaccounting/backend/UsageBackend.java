package io.llmaccounting.backend;

import io.llmaccounting.audit.AuditLog;

/**
 * A place where usage, limits and counters are kept. It stores and never decides. Safe for use by
 * many threads; after {@link #close} every method of it and of its stores throws {@link
 * BackendException} of kind CLOSED.
 *
 * <p>Authors of a backend prove it with the contracts of the testkit.
 */
public interface UsageBackend extends AutoCloseable {
  /** Books usage and quotas. */
  Ledger ledger();

  /** Reads usage. */
  UsageStore usage();

  /** Keeps limits. */
  LimitStore limits();

  /** Keeps projects and users. */
  DirectoryStore directory();

  /** Keeps the audit trail. */
  AuditLog audit();

  /** Proves that the store agrees with its records, and repairs it. */
  Maintenance maintenance();

  /** Closes connections and files; waits for transactions under way. Closing again does nothing. */
  @Override
  void close();
}
