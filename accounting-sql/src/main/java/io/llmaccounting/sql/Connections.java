package io.llmaccounting.sql;

import org.jspecify.annotations.Nullable;

/**
 * Runs work in transactions. Everything the work throws rolls back; an SQLException, or jOOQ's
 * wrapping of one, arrives as a BackendException, and everything else as it is. After closing, both
 * methods throw a BackendException of kind CLOSED. Safe for use by many threads.
 */
public interface Connections {
  /** Reads from one consistent view; work is done once. */
  <T extends @Nullable Object> T read(SqlWork<T> work);

  /** Writes all or nothing; committed when this returns. Work is repeated on conflicts. */
  <T extends @Nullable Object> T write(SqlWork<T> work);
}
