package io.llmaccounting.testkit.contract;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.Recounting;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Seeds as the test tells it, and remembers what it saw. Confined to one thread. */
final class PlainSeed implements CounterSeed {
  private static final SeededCounters NOTHING = new SeededCounters(Map.of(), List.of());

  final List<RecordedUsage> accepted = new ArrayList<>();
  List<StoredLimit> limits = List.of();
  List<HoldRecord> holds = List.of();
  Map<CounterKey, CounterState> counters = Map.of();
  @Nullable StoredLimit before;
  @Nullable StoredLimit after;
  @Nullable Instant now;
  int recounts;
  private @Nullable Runnable meanwhile;
  private final boolean keeps;
  private final Set<Long> others;
  private final @Nullable Instant from;
  private final Supplier<SeededCounters> says;

  private PlainSeed(
      boolean keeps, Set<Long> others, @Nullable Instant from, Supplier<SeededCounters> says) {
    this.keeps = keeps;
    this.others = others;
    this.from = from;
    this.says = says;
  }

  /** Keeps the counters that are there. */
  static PlainSeed keeping() {
    return new PlainSeed(true, Set.of(), null, () -> NOTHING);
  }

  /** Starts over without counters. */
  static PlainSeed ofNothing() {
    return new PlainSeed(false, Set.of(), null, () -> NOTHING);
  }

  /** Starts over with one counter, of subject "", that counts the records charged from then on. */
  static PlainSeed countingFrom(Instant from) {
    return new PlainSeed(false, Set.of(), from, () -> NOTHING);
  }

  /** Counts other limits anew too, and says so. */
  static PlainSeed withOthers(Set<Long> others, SeededCounters seeded) {
    return new PlainSeed(false, others, null, () -> seeded);
  }

  /** Returns a seed that does something else once it has been handed the first record. */
  PlainSeed meanwhile(Runnable action) {
    meanwhile = action;
    return this;
  }

  /** Returns a seed that fails once it has the records. */
  static PlainSeed failing(RuntimeException bug) {
    return new PlainSeed(
        false,
        Set.of(),
        Instant.EPOCH,
        () -> {
          throw bug;
        });
  }

  @Override
  public boolean keeps(Limit replaced, Limit saved) {
    return keeps;
  }

  @Override
  public Set<Long> countedAnew(
      @Nullable StoredLimit before, @Nullable StoredLimit after, List<StoredLimit> limits) {
    this.before = before;
    this.after = after;
    this.limits = List.copyOf(limits);
    Set<Long> anew = new HashSet<>(others);
    if (after != null) {
      anew.add(after.id());
    }
    return anew;
  }

  @Override
  public Recounting recount(Set<Long> numbers, List<StoredLimit> limits, Instant now) {
    recounts++;
    accepted.clear();
    this.limits = List.copyOf(limits);
    return new Counting(from == null ? now : from);
  }

  private final class Counting implements Recounting {
    private final Instant earliest;

    Counting(Instant earliest) {
      this.earliest = earliest;
    }

    @Override
    public Instant from() {
      return earliest;
    }

    @Override
    public void add(RecordedUsage record) {
      Runnable action = meanwhile;
      meanwhile = null;
      if (action != null) {
        action.run();
      }
      if (from != null && !record.chargedAt().isBefore(from)) {
        accepted.add(record);
      }
    }

    @Override
    public void remove(RecordedUsage record) {
      accepted.remove(record);
    }

    @Override
    public SeededCounters finish(LedgerSnapshot view) {
      return finished(view);
    }
  }

  private SeededCounters finished(LedgerSnapshot view) {
    now = view.now();
    counters = Map.copyOf(view.counters());
    holds = List.copyOf(view.holds());
    SeededCounters said = says.get();
    return from == null || after == null
        ? said
        : new SeededCounters(
            Map.of(new CounterKey(after.id(), ""), Counts.of(accepted.size())), said.holds());
  }
}
