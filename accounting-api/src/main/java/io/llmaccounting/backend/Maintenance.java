package io.llmaccounting.backend;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Proves that a store agrees with its records, and repairs it. Safe for use by many threads. */
public interface Maintenance {
  /** Compares every rollup with the records, from one consistent view; empty where all agree. */
  List<Difference> compareRollups();

  /**
   * Makes the rollups anew from the records, in one transaction. Of each day after the purge
   * horizon the first names, in the order of ids, get rows of their own, as many as {@link #names}
   * says.
   */
  void rebuildRollups();

  /** Hands one consistent view to {@code reader} and returns its result. */
  <T> T inspect(Function<LedgerSnapshot, T> reader);

  /** Replaces all counters by what {@code rebuild} makes of the view, while nothing else writes. */
  void rebuildCounters(Function<LedgerSnapshot, Map<CounterKey, CounterState>> rebuild);

  /** Forgets what is old. */
  Retention retention();

  /** Gives users another name. */
  Renaming renaming();

  /** Bounds the names that rollups tell apart. */
  NameBound names();
}
