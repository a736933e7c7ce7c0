package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Remembers which thresholds of a counter have fired and when, so that each crossing fires once.
 * Confined to one thread.
 *
 * <p>A threshold fires again when the calendar window in which it fired is over, when a rolling
 * window's length has passed since, or when its maximum was raised and use has been below the new
 * threshold.
 */
final class AlertMarks {
  private final TreeMap<Integer, Mark> fired = new TreeMap<>();

  /**
   * One threshold that has fired.
   *
   * @param rearms the instant from which on it may fire again
   * @param amount the use at which it fired, by the maximum of that time
   */
  record Mark(long rearms, long amount) {}

  Map<Integer, Mark> fired() {
    return fired;
  }

  void put(int percent, long rearms, long amount) {
    fired.put(percent, new Mark(rearms, amount));
  }

  /**
   * The thresholds that a change of use from {@code before} to {@code after} fires at {@code now}.
   */
  List<Integer> crossed(Limit limit, long before, long after, long now, long rearms) {
    List<Integer> crossed = new ArrayList<>();
    for (int percent : limit.alertPercents()) {
      long amount = threshold(limit.maximum(), percent);
      Mark mark = fired.get(percent);
      if (mark != null && (mark.rearms <= now || (amount > mark.amount && before < amount))) {
        fired.remove(percent);
        mark = null;
      }
      if (mark == null && after >= amount) {
        put(percent, rearms, amount);
        crossed.add(percent);
      }
    }
    return crossed;
  }

  /** The least use that is at least {@code percent} of {@code maximum}. */
  static long threshold(long maximum, int percent) {
    long whole = maximum / 100;
    long rest = (maximum % 100 * percent + 99) / 100;
    return whole > (Long.MAX_VALUE - rest) / percent ? Long.MAX_VALUE : whole * percent + rest;
  }
}
