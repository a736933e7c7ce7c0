package io.llmaccounting.backend;

import io.llmaccounting.limit.Limit;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides, when limits change, whose counters stay and what the others count from now on. A store
 * may ask as often as it likes, also just to find out what a change would come to. Keeps nothing
 * between calls. Safe for use by many threads.
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
   * Starts to count these limits anew.
   *
   * @param anew the numbers of those to count, as {@link #countedAnew} named them
   * @param limits all limits as they are to be
   * @param now the ledger's clock
   */
  Recounting recount(Set<Long> anew, List<StoredLimit> limits, Instant now);
}
