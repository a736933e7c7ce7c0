package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.BaseCarrier;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps what limits must go on counting once records are purged: for ever under a lifetime limit,
 * under any other until it leaves the window. Confined to one thread.
 */
public final class Bases implements BaseCarrier {
  private final Map<CounterKey, Counter> carried = new TreeMap<>();
  private LimitIndex limits = new LimitIndex(new AllLimits(0, List.of()));
  private long now;

  @Override
  public Instant begin(List<StoredLimit> limits, Instant now) {
    this.limits = new LimitIndex(new AllLimits(0, limits));
    this.now = WindowExit.toMicros(now);
    carried.clear();
    long earliest = this.now;
    for (StoredLimit stored : limits) {
      if (!stored.limit().isExemption()) {
        earliest = Math.min(earliest, new WindowExit(stored.limit()).earliestCounting(this.now));
      }
    }
    return WindowExit.toInstant(earliest);
  }

  @Override
  public void accept(RecordedUsage leaving) {
    Usage usage = leaving.usage();
    for (Watch watch : limits.watching(usage.model(), usage.provider(), usage.attribution())) {
      carried
          .computeIfAbsent(watch.counter(), missing -> empty(watch.limit()))
          .charge(WindowExit.toMicros(leaving.chargedAt()), Charges.of(watch.limit(), leaving));
    }
  }

  // The bases stay a little behind, so that a verification still sees amounts that leave later with
  // another grain.
  private Counter empty(Limit limit) {
    return Counter.of(limit, new CounterState(now - new WindowExit(limit).slack(), new byte[0]));
  }

  @Override
  public Set<CounterKey> touched() {
    carried.values().removeIf(counter -> counter.used() == 0);
    return carried.keySet();
  }

  @Override
  public Map<CounterKey, CounterState> carried(Map<CounterKey, CounterState> bases) {
    Map<CounterKey, CounterState> states = new TreeMap<>();
    carried.forEach(
        (key, counter) -> {
          CounterState before = bases.get(key);
          if (before != null) {
            counter.adopt(Counter.of(counter.limit(), before));
          }
          states.put(key, counter.toState());
        });
    return states;
  }
}
