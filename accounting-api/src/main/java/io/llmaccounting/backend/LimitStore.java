package io.llmaccounting.backend;

import io.llmaccounting.limit.Limit;

/** Keeps limits. Safe for use by many threads. */
public interface LimitStore {
  /** The current revision, cheaply. */
  long revision();

  /** All limits and the revision they belong to. */
  LimitSet load();

  /**
   * Saves a limit under its name, replacing one of that name, in one transaction with its counters:
   * no other transaction of the ledger runs between.
   *
   * <p>If {@code seed} asks for records, the limit gets a new id, counters of the replaced limit
   * are removed, and those of {@code seed} are written; else the id and the counters stay.
   */
  StoredLimit save(Limit limit, CounterSeed seed);

  /**
   * Removes a limit and its counters.
   *
   * @return false if there was none of that name
   */
  boolean delete(String name);
}
