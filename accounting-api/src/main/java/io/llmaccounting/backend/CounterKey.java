package io.llmaccounting.backend;

import java.util.Comparator;

/**
 * Names one counter. The natural order is the one in which counters are locked.
 *
 * @param limitId the stored limit
 * @param subject whose counter, empty where all share one; at most 512 bytes
 */
public record CounterKey(long limitId, String subject) implements Comparable<CounterKey> {
  private static final Comparator<CounterKey> ORDER =
      Comparator.comparingLong(CounterKey::limitId).thenComparing(CounterKey::subject);

  @Override
  public int compareTo(CounterKey other) {
    return ORDER.compare(this, other);
  }
}
