package io.llmaccounting.backend;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a change of a name makes of limits and counters.
 *
 * @param limits limits that watch another name now, under the numbers that they have
 * @param counted the numbers of the limits whose counters and bases are replaced
 * @param counters all counters that those limits have
 * @param bases all bases that those limits have
 * @param holds live holds that keep other amounts on these counters than before
 */
public record RenamedCounters(
    List<StoredLimit> limits,
    Set<Long> counted,
    Map<CounterKey, CounterState> counters,
    Map<CounterKey, CounterState> bases,
    List<HoldRecord> holds) {
  /** Copies all. */
  public RenamedCounters {
    limits = List.copyOf(limits);
    counted = Set.copyOf(counted);
    counters = Map.copyOf(counters);
    bases = Map.copyOf(bases);
    holds = List.copyOf(holds);
  }
}
