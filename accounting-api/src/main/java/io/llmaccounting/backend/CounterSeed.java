package io.llmaccounting.backend;

import io.llmaccounting.limit.Limit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Policy of a change of limits: whose counters stay, and what the others count from now on. Called
 * inside the transaction of the change, with nothing else writing, and again from the start if that
 * is repeated. Keeps nothing between calls. Safe for use by many threads.
 */
public interface CounterSeed {
  /** True if {@code saved} goes on with the number and the counters of {@code replaced}. */
  boolean keeps(Limit replaced, Limit saved);

  /**
   * The numbers of the limits that are to be counted anew.
   *
   * @param before what was replaced or deleted, null where there was no limit of that name
   * @param after what was saved, null where a limit was deleted
   * @param limits all limits as they are now
   */
  Set<Long> countedAnew(
      @Nullable StoredLimit before, @Nullable StoredLimit after, List<StoredLimit> limits);

  /**
   * Counts anew.
   *
   * @param limits their numbers, as {@link #countedAnew} named them
   * @param view the ledger with the limits as they are now, and of its counters those of {@code
   *     limits}
   */
  SeededCounters seed(Set<Long> limits, LedgerSnapshot view);
}
