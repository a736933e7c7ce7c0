package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.LimitSet;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What every counter should be by the records and the holds. Confined to one thread. */
public final class Recount {
  private final LedgerSnapshot snapshot;
  private final LimitIndex limits;
  private final LongPredicate chosen;
  private final long now;
  private final Map<CounterKey, Tally> tallies = new TreeMap<>();

  /**
   * A counter made anew, and the least and most that one may show in its place that has merged what
   * leaves close together.
   */
  private final class Tally {
    private final Counter counter;
    private final Leaving leaving;
    private long least;
    private long most;
    private long unsure;

    Tally(Limit limit, @Nullable CounterState carriedOver) {
      this.counter = Counter.of(limit, new CounterState(now, new byte[0]));
      this.leaving = new Leaving(limit);
      if (carriedOver != null) {
        Counter base = Counter.of(limit, carriedOver);
        counter.adopt(base);
        long slack = base.grain() == 0 ? 0 : leaving.slack();
        least = base.usedAfter(now > Leaving.NEVER - slack ? Leaving.NEVER - 1 : now + slack);
        most = base.usedAfter(now - slack);
        unsure = most - least;
      }
    }

    void charge(long charged, long amount) {
      counter.charge(charged, amount);
      least = Saturated.sum(least, leaving.of(charged) > now ? amount : 0);
      most = Saturated.sum(most, leaving.latest(charged) > now ? amount : 0);
    }

    boolean agreesWith(Counter stored) {
      long highest = stored.grain() == 0 ? Saturated.sum(least, unsure) : most;
      return stored.used() >= least
          && stored.used() <= highest
          && stored.held() >= counter.held()
          && (stored.held() == counter.held() || stored.mayHoldExpired());
    }
  }

  private Recount(
      LedgerSnapshot snapshot, LimitIndex limits, LongPredicate chosen, List<HoldRecord> holds) {
    this.snapshot = snapshot;
    this.chosen = chosen;
    this.limits = limits;
    long latest = Leaving.toMicros(snapshot.now());
    for (CounterState state : snapshot.counters().values()) {
      latest = Math.max(latest, state.asOf());
    }
    this.now = latest;
    snapshot.bases().keySet().forEach(this::startFromBase);
    snapshot.scan(earliest(), this::charge);
    holds.forEach(this::hold);
  }

  private static Recount of(LedgerSnapshot snapshot) {
    return new Recount(snapshot, index(snapshot), limit -> true, snapshot.holds());
  }

  private static LimitIndex index(LedgerSnapshot snapshot) {
    return new LimitIndex(new LimitSet(0, snapshot.limits()));
  }

  /** Every counter whose stored state disagrees with the records and holds. */
  public static List<Difference> differences(LedgerSnapshot snapshot) {
    return of(snapshot).compare();
  }

  /** The states that all counters should have; which thresholds have fired is kept. */
  public static Map<CounterKey, CounterState> states(LedgerSnapshot snapshot) {
    return of(snapshot).states();
  }

  /** The counters of some limits by number, and the holds that change with them. */
  static SeededCounters anew(LedgerSnapshot snapshot, Set<Long> chosen) {
    LimitIndex limits = index(snapshot);
    List<HoldRecord> holds = new HeldAnew(limits, chosen).of(snapshot);
    Map<CounterKey, CounterState> states =
        new Recount(snapshot, limits, chosen::contains, holds).states();
    List<HoldRecord> changed = new ArrayList<>(holds);
    changed.removeAll(Set.copyOf(snapshot.holds()));
    return new SeededCounters(states, changed);
  }

  private Map<CounterKey, CounterState> states() {
    Map<CounterKey, CounterState> states = new TreeMap<>();
    snapshot.counters().forEach((key, stored) -> adopt(key, stored, states));
    tallies.forEach((key, tally) -> states.put(key, tally.counter.toState()));
    return states;
  }

  private void adopt(CounterKey key, CounterState stored, Map<CounterKey, CounterState> states) {
    StoredLimit limit = limits.byId(key.limitId());
    if (limit != null && chosen.test(limit.id())) {
      tally(key, limit.limit()).counter.adoptAlerts(Counter.of(limit.limit(), stored));
    } else if (limit != null) {
      states.put(key, stored);
    }
  }

  private Instant earliest() {
    long earliest = now;
    for (StoredLimit stored : snapshot.limits()) {
      if (!stored.limit().isExemption() && chosen.test(stored.id())) {
        Leaving leaving = new Leaving(stored.limit());
        earliest = Math.min(earliest, leaving.earliestCounting(now));
      }
    }
    return Leaving.toInstant(Math.max(0, earliest));
  }

  private void charge(RecordedUsage recorded) {
    Usage usage = recorded.usage();
    for (Watch watch : limits.watching(usage.model(), usage.provider(), usage.attribution())) {
      if (chosen.test(watch.counter().limitId())) {
        tally(watch.counter(), watch.limit())
            .charge(Leaving.toMicros(recorded.chargedAt()), Amounts.of(watch.limit(), recorded));
      }
    }
  }

  private void startFromBase(CounterKey key) {
    StoredLimit stored = limits.byId(key.limitId());
    if (stored != null && chosen.test(stored.id())) {
      tally(key, stored.limit());
    }
  }

  private void hold(HoldRecord hold) {
    long expires = Leaving.toMicros(hold.expiresAt());
    for (HoldRecord.Amount amount : hold.amounts()) {
      StoredLimit stored = limits.byId(amount.counter().limitId());
      if (stored != null && chosen.test(stored.id())) {
        tally(amount.counter(), stored.limit())
            .counter
            .hold(amount.leaves(), expires, amount.amount());
      }
    }
  }

  private Tally tally(CounterKey key, Limit limit) {
    return tallies.computeIfAbsent(key, missing -> new Tally(limit, snapshot.bases().get(key)));
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
