package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counters that this process has found to have a row, so that its transactions need not try to make
 * it again. Only a hint: somebody may have removed the row since, which whoever locks it notices.
 * Bounded; safe for use by many threads.
 */
final class MetCounters {
  private static final int MOST = 10_000;

  private final Set<CounterKey> met = Collections.synchronizedSet(new HashSet<>());

  /** Those of {@code keys} that may have no row. */
  List<CounterKey> unknown(Collection<CounterKey> keys) {
    return keys.stream().filter(key -> !met.contains(key)).toList();
  }

  void add(Collection<CounterKey> found) {
    if (met.size() > MOST) {
      met.clear();
    }
    met.addAll(found);
  }

  void forget(Collection<CounterKey> keys) {
    met.removeAll(keys);
  }
}
