package io.llmaccounting.micrometer;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Combinations of values that are told apart: the first so many, for good. Names come from outside,
 * and a registry keeps every series that it ever had. Safe for use by many threads.
 */
final class KnownValues {
  /** The value that stands for all that are not told apart. */
  static final String OTHER = "other";

  private final int most;
  private final Set<List<String>> known = ConcurrentHashMap.newKeySet();

  KnownValues(int most) {
    this.most = most;
  }

  /** The values, or as many times {@link #OTHER} where there are too many already. */
  List<String> of(List<String> values) {
    return known.contains(values) || isAdded(values)
        ? values
        : Collections.nCopies(values.size(), OTHER);
  }

  private synchronized boolean isAdded(List<String> values) {
    return known.size() < most ? known.add(values) : known.contains(values);
  }
}
