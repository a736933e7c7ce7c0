package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.LimitSet;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What every counter should be by the records and the holds. Confined to one thread. */
public final class Recount {
  private final LedgerSnapshot snapshot;
  private final LimitIndex limits;
  private final long now;
  private final Map<CounterKey, Tally> tallies = new TreeMap<>();

  /** A counter made anew, and the least and most that a crowded one may show in its place. */
  private final class Tally {
    private final Counter counter;
    private final Leaving leaving;
    private long least;
    private long most;

    Tally(Limit limit) {
      this.counter = Counter.of(limit, new CounterState(now, new byte[0]));
      this.leaving = new Leaving(limit);
    }

    void charge(long charged, long amount) {
      long leaves = leaving.of(charged);
      long fallback = leaving.fallback();
      counter.charge(charged, amount);
      least += leaves > now ? amount : 0;
      most += (fallback == 0 ? leaves : Cells.coarse(leaves, fallback)) > now ? amount : 0;
    }

    boolean agreesWith(Counter stored) {
      return stored.used() >= least && stored.used() <= most && stored.held() == counter.held();
    }
  }

  private Recount(LedgerSnapshot snapshot) {
    this.snapshot = snapshot;
    this.limits = new LimitIndex(new LimitSet(0, snapshot.limits()));
    long latest = Leaving.toMicros(snapshot.now());
    for (CounterState state : snapshot.counters().values()) {
      latest = Math.max(latest, state.asOf());
    }
    this.now = latest;
    snapshot.scan(earliest(), this::charge);
    snapshot.holds().forEach(this::hold);
  }

  /** Every counter whose stored state disagrees with the records and holds. */
  public static List<Difference> differences(LedgerSnapshot snapshot) {
    return new Recount(snapshot).compare();
  }

  /** The states that all counters should have; which thresholds have fired is kept. */
  public static Map<CounterKey, CounterState> states(LedgerSnapshot snapshot) {
    Map<CounterKey, CounterState> states = new TreeMap<>();
    new Recount(snapshot)
        .tallies.forEach(
            (key, tally) -> {
              CounterState stored = snapshot.counters().get(key);
              if (stored != null) {
                tally.counter.adoptAlerts(Counter.of(tally.counter.limit(), stored));
              }
              states.put(key, tally.counter.toState());
            });
    return states;
  }

  private Instant earliest() {
    long earliest = now;
    for (StoredLimit stored : snapshot.limits()) {
      if (!stored.limit().isExemption()) {
        Leaving leaving = new Leaving(stored.limit());
        earliest = Math.min(earliest, leaving.earliestCounting(now) - leaving.fallback());
      }
    }
    return Leaving.toInstant(Math.max(0, earliest));
  }

  private void charge(RecordedUsage recorded) {
    Usage usage = recorded.usage();
    for (Watch watch : limits.watching(usage.model(), usage.provider(), usage.attribution())) {
      tally(watch.counter(), watch.limit())
          .charge(Leaving.toMicros(recorded.chargedAt()), Amounts.of(watch.limit(), recorded));
    }
  }

  private void hold(HoldRecord hold) {
    long expires = Leaving.toMicros(hold.expiresAt());
    for (HoldRecord.Amount amount : hold.amounts()) {
      StoredLimit stored = limits.byId(amount.counter().limitId());
      if (stored != null) {
        tally(amount.counter(), stored.limit())
            .counter
            .hold(amount.leaves(), expires, amount.amount());
      }
    }
  }

  private Tally tally(CounterKey key, Limit limit) {
    return tallies.computeIfAbsent(key, missing -> new Tally(limit));
  }

  private List<Difference> compare() {
    List<Difference> differences = new ArrayList<>();
    TreeSet<CounterKey> keys = new TreeSet<>(snapshot.counters().keySet());
    keys.addAll(tallies.keySet());
    for (CounterKey key : keys) {
      Difference difference = compare(key);
      if (difference != null) {
        differences.add(difference);
      }
    }
    return differences;
  }

  private @Nullable Difference compare(CounterKey key) {
    StoredLimit limit = limits.byId(key.limitId());
    if (limit == null) {
      return new Difference(
          "counter [%s] of limit number %d".formatted(key.subject(), key.limitId()),
          "a counter",
          "none: its limit is gone");
    }
    Counter stored =
        Counter.of(limit.limit(), snapshot.counters().getOrDefault(key, CounterState.EMPTY));
    stored.advance(now);
    Tally tally = tally(key, limit.limit());
    return tally.agreesWith(stored)
        ? null
        : new Difference(
            "counter [%s] of limit \"%s\"".formatted(key.subject(), limit.limit().name()),
            "used %d, held %d".formatted(stored.used(), stored.held()),
            "used %d, held %d".formatted(tally.least, tally.counter.held()));
  }
}
