package io.llmaccounting.backend;

import java.util.List;
import java.util.Map;

/**
 * What limits that are counted anew start with.
 *
 * @param counters all counters that they have
 * @param holds live holds that keep other amounts on these counters than before
 */
public record SeededCounters(Map<CounterKey, CounterState> counters, List<HoldRecord> holds) {
  /** Copies both. */
  public SeededCounters {
    counters = Map.copyOf(counters);
    holds = List.copyOf(holds);
  }
}
