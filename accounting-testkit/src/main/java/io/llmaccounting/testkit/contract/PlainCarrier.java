package io.llmaccounting.testkit.contract;

import io.llmaccounting.backend.BaseCarrier;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts the records that leave, one base for all, and remembers them. Confined to one thread. */
class PlainCarrier implements BaseCarrier {
  private final Set<CounterKey> counters;
  private final Instant wanted;
  private final List<RecordedUsage> leaving = new ArrayList<>();

  /** Wants nothing and carries nothing. */
  PlainCarrier() {
    this(Set.of(), Instant.parse("9999-01-01T00:00:00Z"));
  }

  /**
   * Adds to the bases of {@code counters} how many left that were charged from {@code wanted} on.
   */
  PlainCarrier(Set<CounterKey> counters, Instant wanted) {
    this.counters = counters;
    this.wanted = wanted;
  }

  /** Moves the purge horizon, and removes nothing but what nobody records. */
  static void moveHorizon(UsageBackend backend, Instant to) {
    UsageFilter nobodys = UsageFilter.all().user("of whom nothing is recorded");
    backend
        .maintenance()
        .retention()
        .removeUsage(new PurgeSlice(to, nobodys, null, 1), new PlainCarrier());
  }

  @Override
  public Instant begin(List<StoredLimit> limits, Instant now) {
    leaving.clear();
    return wanted;
  }

  @Override
  public void accept(RecordedUsage record) {
    leaving.add(record);
  }

  @Override
  public Set<CounterKey> touched() {
    return counters;
  }

  @Override
  public Map<CounterKey, CounterState> carried(Map<CounterKey, CounterState> bases) {
    Map<CounterKey, CounterState> grown = new TreeMap<>();
    for (CounterKey key : counters) {
      CounterState before = bases.getOrDefault(key, CounterState.EMPTY);
      grown.put(key, Counts.of(Counts.in(before) + leaving.size()));
    }
    return grown;
  }

  List<RecordedUsage> leaving() {
    return leaving;
  }
}
