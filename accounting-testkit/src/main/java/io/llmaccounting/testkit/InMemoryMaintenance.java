package io.llmaccounting.testkit;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.NameBound;
import io.llmaccounting.backend.Renaming;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Proves and repairs what is in memory, where there are no rollups that could disagree. */
final class InMemoryMaintenance implements Maintenance {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;
  private final InstantSource clock;
  private final Retention retention;
  private final Renaming renaming;

  InMemoryMaintenance(InMemoryStorage storage, FaultSwitch faults, InstantSource clock) {
    this.storage = storage;
    this.faults = faults;
    this.clock = clock;
    this.retention = new InMemoryRetention(storage, faults, clock);
    this.renaming = new InMemoryRenaming(storage, faults, this::snapshot);
  }

  @Override
  public List<Difference> compareRollups() {
    return faults.enter(List::of);
  }

  @Override
  public void rebuildRollups() {
    faults.enter(
        () -> {
          storage.names.rebuild(storage.records.values(), storage.completeFrom);
          return true;
        });
  }

  @Override
  public <T> T inspect(Function<LedgerSnapshot, T> reader) {
    return reader.apply(faults.enter(this::snapshot));
  }

  @Override
  public void rebuildCounters(Function<LedgerSnapshot, Map<CounterKey, CounterState>> rebuild) {
    faults.enter(
        () -> {
          Map<CounterKey, CounterState> rebuilt = Map.copyOf(rebuild.apply(snapshot()));
          storage.counters.clear();
          storage.counters.putAll(rebuilt);
          return true;
        });
  }

  @Override
  public Retention retention() {
    return retention;
  }

  @Override
  public NameBound names() {
    return new InMemoryNames.Bound(storage, faults);
  }

  @Override
  public Renaming renaming() {
    return renaming;
  }

  private LedgerSnapshot snapshot() {
    return snapshot(storage, clock, storage.limits.values(), key -> true);
  }

  /** Shows everything as it is, but with these limits, and only some of the counters. */
  static LedgerSnapshot snapshot(
      InMemoryStorage storage,
      InstantSource clock,
      Collection<StoredLimit> limits,
      Predicate<CounterKey> wanted) {
    Map<CounterKey, CounterState> counters = new TreeMap<>(storage.counters);
    counters.keySet().removeIf(wanted.negate());
    return new Copy(
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        List.copyOf(limits),
        Collections.unmodifiableMap(counters),
        Collections.unmodifiableMap(new TreeMap<>(storage.bases)),
        oldestFirst(storage.holds.values()),
        List.copyOf(storage.records.values()));
  }

  static List<HoldRecord> oldestFirst(Collection<HoldRecord> holds) {
    return holds.stream()
        .sorted(Comparator.comparing(HoldRecord::admittedAt).thenComparing(HoldRecord::id))
        .toList();
  }

  private record Copy(
      Instant now,
      List<StoredLimit> limits,
      Map<CounterKey, CounterState> counters,
      Map<CounterKey, CounterState> bases,
      List<HoldRecord> holds,
      List<RecordedUsage> records)
      implements LedgerSnapshot {

    @Override
    public void scan(Instant from, Consumer<RecordedUsage> reader) {
      records.stream().filter(record -> !record.chargedAt().isBefore(from)).forEach(reader);
    }
  }
}
