package io.llmaccounting.testkit;

import static java.time.temporal.ChronoUnit.MICROS;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Recounting;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.usage.RecordedUsage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps limits by name. */
final class InMemoryLimitStore implements LimitStore {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;
  private final InstantSource clock;

  InMemoryLimitStore(InMemoryStorage storage, FaultSwitch faults, InstantSource clock) {
    this.storage = storage;
    this.faults = faults;
    this.clock = clock;
  }

  @Override
  public long revision() {
    return faults.enter(() -> storage.limitRevision);
  }

  @Override
  public AllLimits load() {
    return faults.enter(
        () -> new AllLimits(storage.limitRevision, new ArrayList<>(storage.limits.values())));
  }

  @Override
  public StoredLimit save(Limit limit, CounterSeed seed) {
    return saveAll(List.of(limit), seed).get(0);
  }

  @Override
  public List<StoredLimit> saveAll(List<Limit> limits, CounterSeed seed) {
    return edit(draft -> new LimitEdit(draft.forTheirSets(limits), Set.of()), seed).stored;
  }

  @Override
  public boolean delete(String name, CounterSeed seed) {
    return !edit(draft -> new LimitEdit(List.of(), Set.of(name)), seed).changes.isEmpty();
  }

  @Override
  public List<StoredLimit> change(Function<AllLimits, LimitEdit> wish, CounterSeed seed) {
    return edit(draft -> wish.apply(new AllLimits(draft.revision, draft.all())), seed).stored;
  }

  private Draft edit(Function<Draft, LimitEdit> wish, CounterSeed seed) {
    return run(
        draft -> {
          LimitEdit edit = wish.apply(draft);
          edit.removed().forEach(draft::delete);
          edit.saved().forEach(saved -> draft.save(saved, seed));
        },
        seed);
  }

  /** What was replaced or deleted, and what was saved in its place. */
  private record Change(
      @Nullable StoredLimit before, @Nullable StoredLimit after, boolean counts) {}

  /** Limits as they are to be, beside what is stored. */
  private static final class Draft {
    final long revision;
    final TreeMap<String, StoredLimit> limits;
    final Map<UUID, RecordedUsage> records;
    final List<Change> changes = new ArrayList<>();
    final List<StoredLimit> stored = new ArrayList<>();
    long lastLimitId;

    Draft(InMemoryStorage storage) {
      this.revision = storage.limitRevision;
      this.limits = new TreeMap<>(storage.limits);
      this.records = Map.copyOf(storage.records);
      this.lastLimitId = storage.lastLimitId;
    }

    List<OwnedLimit> forTheirSets(List<Limit> saved) {
      return saved.stream().map(limit -> new OwnedLimit(limit, setOf(limit.name()))).toList();
    }

    private @Nullable String setOf(String name) {
      StoredLimit there = limits.get(name);
      return there == null ? null : there.set();
    }

    void save(OwnedLimit saved, CounterSeed seed) {
      Limit limit = saved.limit();
      StoredLimit replaced = limits.get(limit.name());
      StoredLimit kept = replaced != null && seed.keeps(replaced.limit(), limit) ? replaced : null;
      StoredLimit after =
          new StoredLimit(kept != null ? kept.id() : ++lastLimitId, limit, saved.set());
      changes.add(new Change(kept == null ? replaced : after, after, kept == null));
      limits.put(limit.name(), after);
      stored.add(after);
    }

    void delete(String name) {
      StoredLimit deleted = limits.remove(name);
      if (deleted != null) {
        changes.add(new Change(deleted, null, true));
      }
    }

    List<StoredLimit> all() {
      return List.copyOf(limits.values());
    }

    Set<Long> countedAnew(CounterSeed seed) {
      List<StoredLimit> all = all();
      Set<Long> anew = new TreeSet<>();
      changes.stream()
          .filter(Change::counts)
          .forEach(change -> anew.addAll(seed.countedAnew(change.before(), change.after(), all)));
      anew.retainAll(all.stream().map(StoredLimit::id).collect(Collectors.toSet()));
      return anew;
    }
  }

  // counts the records that are there while others go on writing, then keeps them out and counts
  // what they have changed
  private Draft run(Consumer<Draft> wish, CounterSeed seed) {
    while (true) {
      Draft draft = faults.enter(() -> new Draft(storage));
      wish.accept(draft);
      Set<Long> anew = draft.countedAnew(seed);
      Recounting counting =
          anew.isEmpty()
              ? null
              : seed.recount(anew, draft.all(), clock.instant().truncatedTo(MICROS));
      if (counting != null) {
        draft.records.values().forEach(record -> ifCounted(counting, record, counting::add));
      }
      if (draft.changes.isEmpty() || faults.enter(() -> apply(draft, anew, counting))) {
        return draft;
      }
    }
  }

  private static void ifCounted(
      Recounting counting, RecordedUsage record, Consumer<RecordedUsage> step) {
    if (!record.chargedAt().isBefore(counting.from())) {
      step.accept(record);
    }
  }

  private boolean apply(Draft draft, Set<Long> anew, @Nullable Recounting counting) {
    if (draft.revision != storage.limitRevision) {
      return false;
    }
    SeededCounters seeded =
        counting == null ? new SeededCounters(Map.of(), List.of()) : finish(draft, anew, counting);
    draft.changes.stream()
        .filter(Change::counts)
        .forEach(change -> removeCountersOf(change.before()));
    storage.counters.keySet().removeIf(key -> anew.contains(key.limitId()));
    storage.counters.putAll(seeded.counters());
    seeded.holds().forEach(hold -> storage.holds.put(hold.id(), hold));
    storage.limits.clear();
    storage.limits.putAll(draft.limits);
    storage.lastLimitId = draft.lastLimitId;
    storage.limitRevision++;
    return true;
  }

  private SeededCounters finish(Draft draft, Set<Long> anew, Recounting counting) {
    draft.records.forEach(
        (id, record) -> {
          if (!record.equals(storage.records.get(id))) {
            ifCounted(counting, record, counting::remove);
          }
        });
    storage.records.forEach(
        (id, record) -> {
          if (!record.equals(draft.records.get(id))) {
            ifCounted(counting, record, counting::add);
          }
        });
    return counting.finish(
        InMemoryMaintenance.snapshot(
            storage, clock, draft.all(), key -> anew.contains(key.limitId())));
  }

  private void removeCountersOf(@Nullable StoredLimit limit) {
    if (limit != null) {
      storage.counters.keySet().removeIf(key -> key.limitId() == limit.id());
      storage.bases.keySet().removeIf(key -> key.limitId() == limit.id());
    }
  }
}
