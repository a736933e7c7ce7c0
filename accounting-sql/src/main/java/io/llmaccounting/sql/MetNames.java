package io.llmaccounting.sql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers a bounded number of names that this process knows to be in rollup_name, and forgets
 * those that were not asked for lately. A name that was forgotten is merely written down, or looked
 * for, once more. Safe for use by many threads.
 */
final class MetNames {
  private final int mostOfEach;
  private volatile Set<RollupName> recent = ConcurrentHashMap.newKeySet();
  private volatile Set<RollupName> older = Set.of();

  /** Remembers {@code most} names, at least 2. */
  MetNames(int most) {
    this.mostOfEach = most / 2;
  }

  /** Returns true if the name is known to be there; false means that this is not known. */
  boolean contains(RollupName name) {
    if (recent.contains(name)) {
      return true;
    }
    boolean isKnown = older.contains(name);
    if (isKnown) {
      add(name);
    }
    return isKnown;
  }

  void add(RollupName name) {
    Set<RollupName> to = recent;
    if (to.add(name) && to.size() >= mostOfEach) {
      forgetOlder(to);
    }
  }

  private synchronized void forgetOlder(Set<RollupName> full) {
    if (recent == full) {
      older = full;
      recent = ConcurrentHashMap.newKeySet();
    }
  }
}
