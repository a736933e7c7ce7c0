package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.StoredLimit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Works out what every counter should be by the records and the holds. Confined to one thread. */
public final class Recount {
  private final LedgerSnapshot snapshot;
  private final LimitIndex limits;
  private final long now;
  private final Tallies tallies;

  private Recount(LedgerSnapshot snapshot) {
    this.snapshot = snapshot;
    this.limits = new LimitIndex(new AllLimits(0, snapshot.limits()));
    long latest = WindowExit.toMicros(snapshot.now());
    for (CounterState state : snapshot.counters().values()) {
      latest = Math.max(latest, state.asOf());
    }
    this.now = latest;
    this.tallies = new Tallies(limits, limit -> true, now, snapshot.bases());
    snapshot.scan(earliest(), tallies::charge);
    snapshot.holds().forEach(tallies::hold);
  }

  /** Every counter whose stored state disagrees with the records and holds. */
  public static List<Difference> differences(LedgerSnapshot snapshot) {
    return new Recount(snapshot).compare();
  }

  /** The states that all counters should have; which thresholds have fired is kept. */
  public static Map<CounterKey, CounterState> states(LedgerSnapshot snapshot) {
    return new Recount(snapshot).tallies.states(snapshot.counters());
  }

  private Instant earliest() {
    long earliest = now;
    for (StoredLimit stored : snapshot.limits()) {
      if (!stored.limit().isExemption()) {
        earliest = Math.min(earliest, new WindowExit(stored.limit()).earliestCounting(now));
      }
    }
    return WindowExit.toInstant(Math.max(0, earliest));
  }

  private List<Difference> compare() {
    List<Difference> differences = new ArrayList<>();
    TreeSet<CounterKey> keys = new TreeSet<>(snapshot.counters().keySet());
    keys.addAll(tallies.keys());
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
    Tallies.Tally tally = tallies.tally(key, limit.limit());
    return tally.agreesWith(stored)
        ? null
        : new Difference(
            "counter [%s] of limit \"%s\"".formatted(key.subject(), limit.limit().name()),
            "used %d, held %d".formatted(stored.used(), stored.held()),
            "used %d, held %d".formatted(tally.used(), tally.held()));
  }
}
