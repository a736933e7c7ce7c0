package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.Recounting;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts some limits anew from the records, then from the holds of calls under way. */
final class CountedAnew implements Recounting {
  private final Set<Long> anew;
  private final List<StoredLimit> all;
  private final LimitIndex limits;
  private final Instant from;
  private final Tallies tallies;

  CountedAnew(Set<Long> anew, List<StoredLimit> all, Instant now) {
    this.anew = anew;
    this.all = all;
    // only exemptions lift other limits
    List<StoredLimit> chosen =
        all.stream()
            .filter(stored -> anew.contains(stored.id()) || stored.limit().isExemption())
            .toList();
    this.limits = new LimitIndex(new AllLimits(0, chosen));
    long micros = WindowExit.toMicros(now);
    this.from = earliest(chosen, micros);
    this.tallies = new Tallies(limits, anew::contains, micros, Map.of());
  }

  /** Counts some limits all at once; of the counters {@code view} shows theirs only. */
  static SeededCounters of(LedgerSnapshot view, Set<Long> anew) {
    CountedAnew counting = new CountedAnew(anew, view.limits(), view.now());
    view.scan(counting.from(), counting::add);
    return counting.finish(view);
  }

  private static Instant earliest(List<StoredLimit> chosen, long now) {
    long earliest = now;
    for (StoredLimit stored : chosen) {
      if (!stored.limit().isExemption()) {
        earliest = Math.min(earliest, new WindowExit(stored.limit()).earliestCounting(now));
      }
    }
    return WindowExit.toInstant(Math.max(0, earliest));
  }

  @Override
  public Instant from() {
    return from;
  }

  @Override
  public void add(RecordedUsage record) {
    tallies.charge(record);
  }

  @Override
  public void remove(RecordedUsage record) {
    tallies.credit(record);
  }

  @Override
  public SeededCounters finish(LedgerSnapshot view) {
    tallies.adoptBases(view.bases());
    tallies.advance(view.now(), view.counters().values());
    List<HoldRecord> holds = new HeldAnew(limits, anew, all).of(view);
    holds.forEach(tallies::hold);
    List<HoldRecord> changed = new ArrayList<>(holds);
    changed.removeAll(Set.copyOf(view.holds()));
    return new SeededCounters(tallies.states(view.counters()), changed);
  }
}
