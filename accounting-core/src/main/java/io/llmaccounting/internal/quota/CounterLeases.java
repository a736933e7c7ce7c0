package io.llmaccounting.internal.quota;

import io.llmaccounting.usage.Saturated;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The leases on one counter, and whether somebody who found no room wishes that they be given back.
 * The amounts are held like those of any hold; this only says which lease they belong to. Confined
 * to one thread.
 */
final class CounterLeases {
  private final TreeMap<UUID, Part> live = new TreeMap<>();
  private long wish;

  /**
   * The amount that one lease keeps.
   *
   * @param ends when it expires or leaves the window, whichever is first
   * @param amount in the limit's unit
   */
  record Part(long ends, long amount) {}

  Map<UUID, Part> live() {
    return live;
  }

  void put(UUID lease, long ends, long amount) {
    live.put(lease, new Part(ends, amount));
  }

  void remove(UUID lease) {
    live.remove(lease);
  }

  /** Drops the leases that have ended at {@code now}. */
  void advance(long now) {
    live.values().removeIf(part -> part.ends() <= now);
  }

  /** When somebody last wished for room; 0 if never. */
  long wish() {
    return wish;
  }

  void wish(long at) {
    wish = at;
  }

  boolean isEmpty() {
    return live.isEmpty() && wish == 0;
  }

  /** The amount that all leases keep. */
  long sum() {
    long sum = 0;
    for (Part part : live.values()) {
      sum = Saturated.sum(sum, part.amount());
    }
    return sum;
  }

  /** When the last lease ends; 0 where there is none. */
  long lastEnds() {
    long last = 0;
    for (Part part : live.values()) {
      last = Math.max(last, part.ends());
    }
    return last;
  }
}
