package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Counters of some limits, made from records, bases and holds. Confined to one thread. */
final class Tallies {
  private final LimitIndex limits;
  private final LongPredicate chosen;
  private final Map<CounterKey, CounterState> bases;
  private final Map<CounterKey, Tally> tallies = new TreeMap<>();
  private final long now;

  /**
   * Begins without counters.
   *
   * @param chosen which limits to count, by number
   * @param now usage that has left its window by then is not counted, microseconds since 1970
   * @param bases what counters start from
   */
  Tallies(LimitIndex limits, LongPredicate chosen, long now, Map<CounterKey, CounterState> bases) {
    this.limits = limits;
    this.chosen = chosen;
    this.now = now;
    this.bases = bases;
    for (CounterKey key : bases.keySet()) {
      StoredLimit stored = limits.byId(key.limitId());
      if (stored != null && chosen.test(stored.id())) {
        tally(key, stored.limit());
      }
    }
  }

  /**
   * A counter made anew, with the least and the most that a stored counter may show in its place,
   * because that may have merged amounts that leave close together.
   */
  final class Tally {
    private final Counter counter;
    private final WindowExit leaving;
    private long least;
    private long most;
    private long unsure;

    private Tally(Limit limit, @Nullable CounterState carriedOver) {
      this.counter = Counter.of(limit, new CounterState(now, new byte[0]));
      this.leaving = new WindowExit(limit);
      if (carriedOver != null) {
        Counter base = Counter.of(limit, carriedOver);
        counter.adopt(base);
        long slack = base.grain() == 0 ? 0 : leaving.slack();
        least = base.usedAfter(now > WindowExit.NEVER - slack ? WindowExit.NEVER - 1 : now + slack);
        most = base.usedAfter(now - slack);
        unsure = most - least;
      }
    }

    private void charge(long charged, long amount) {
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

    /** The least that a stored counter may show as used. */
    long used() {
      return least;
    }

    long held() {
      return counter.held();
    }
  }

  /** Counts a record. */
  void charge(RecordedUsage recorded) {
    long charged = WindowExit.toMicros(recorded.chargedAt());
    for (Watch watch : watching(recorded)) {
      if (chosen.test(watch.counter().limitId())) {
        tally(watch.counter(), watch.limit()).charge(charged, Charges.of(watch.limit(), recorded));
      }
    }
  }

  /** Takes back a record that was counted. */
  void credit(RecordedUsage recorded) {
    long charged = WindowExit.toMicros(recorded.chargedAt());
    for (Watch watch : watching(recorded)) {
      if (chosen.test(watch.counter().limitId())) {
        tally(watch.counter(), watch.limit())
            .counter
            .credit(charged, Charges.of(watch.limit(), recorded));
      }
    }
  }

  private Iterable<Watch> watching(RecordedUsage recorded) {
    Usage usage = recorded.usage();
    return limits.watching(usage.model(), usage.provider(), usage.attribution());
  }

  /** Counts the bases of purged records, where they were not known from the start. */
  void adoptBases(Map<CounterKey, CounterState> carriedOver) {
    carriedOver.forEach(
        (key, state) -> {
          StoredLimit stored = limits.byId(key.limitId());
          if (stored != null && chosen.test(stored.id())) {
            tally(key, stored.limit()).counter.adopt(Counter.of(stored.limit(), state));
          }
        });
  }

  /** Moves all counters to an instant that is not before any that stored counters have seen. */
  void advance(Instant at, Collection<CounterState> stored) {
    long latest = WindowExit.toMicros(at);
    for (CounterState state : stored) {
      latest = Math.max(latest, state.asOf());
    }
    for (Tally tally : tallies.values()) {
      tally.counter.advance(latest);
    }
  }

  /** Counts the amounts that a hold keeps. */
  void hold(HoldRecord hold) {
    long expires = WindowExit.toMicros(hold.expiresAt());
    for (HoldRecord.Amount amount : hold.amounts()) {
      StoredLimit stored = limits.byId(amount.counter().limitId());
      if (stored != null && chosen.test(stored.id())) {
        Counter counter = tally(amount.counter(), stored.limit()).counter;
        if (hold.lease() == null) {
          counter.hold(amount.leaves(), expires, amount.amount());
        } else {
          counter.lease(hold.id(), amount.leaves(), expires, amount.amount());
        }
      }
    }
  }

  /**
   * The states of all counters; which thresholds have fired is kept.
   *
   * @param stored the stored counters; those of limits that are not counted stay as they are
   */
  Map<CounterKey, CounterState> states(Map<CounterKey, CounterState> stored) {
    Map<CounterKey, CounterState> states = new TreeMap<>();
    stored.forEach((key, state) -> adopt(key, state, states));
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

  /** The keys of all counters made so far. */
  Set<CounterKey> keys() {
    return tallies.keySet();
  }

  /** The counter of {@code key}, empty where nothing was counted. */
  Tally tally(CounterKey key, Limit limit) {
    return tallies.computeIfAbsent(key, missing -> new Tally(limit, bases.get(key)));
  }
}
