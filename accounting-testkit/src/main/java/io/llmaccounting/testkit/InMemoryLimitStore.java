package io.llmaccounting.testkit;

import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitSet;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps limits by name. */
final class InMemoryLimitStore implements LimitStore {
  private final InMemoryStorage storage;
  private final Door door;
  private final InstantSource clock;

  InMemoryLimitStore(InMemoryStorage storage, Door door, InstantSource clock) {
    this.storage = storage;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public long revision() {
    return door.enter(() -> storage.limitRevision);
  }

  @Override
  public LimitSet load() {
    return door.enter(
        () -> new LimitSet(storage.limitRevision, new ArrayList<>(storage.limits.values())));
  }

  @Override
  public StoredLimit save(Limit limit, CounterSeed seed) {
    return saveAll(List.of(limit), seed).get(0);
  }

  @Override
  public List<StoredLimit> saveAll(List<Limit> limits, CounterSeed seed) {
    return door.enter(() -> saveAlone(limits, seed));
  }

  /** What was replaced or deleted, and what was saved in its place. */
  private record Change(@Nullable StoredLimit before, @Nullable StoredLimit after) {}

  private List<StoredLimit> saveAlone(List<Limit> saved, CounterSeed seed) {
    TreeMap<String, StoredLimit> limits = new TreeMap<>(storage.limits);
    List<Change> changes = new ArrayList<>();
    List<StoredLimit> stored = new ArrayList<>();
    long lastId = storage.lastLimitId;
    for (Limit limit : saved) {
      StoredLimit replaced = limits.get(limit.name());
      StoredLimit kept = replaced != null && seed.keeps(replaced.limit(), limit) ? replaced : null;
      StoredLimit after = new StoredLimit(kept != null ? kept.id() : ++lastId, limit);
      if (kept == null) {
        changes.add(new Change(replaced, after));
      }
      limits.put(limit.name(), after);
      stored.add(after);
    }
    apply(changes, limits, seed);
    storage.lastLimitId = lastId;
    return stored;
  }

  @Override
  public boolean delete(String name, CounterSeed seed) {
    return door.enter(
        () -> {
          TreeMap<String, StoredLimit> limits = new TreeMap<>(storage.limits);
          StoredLimit deleted = limits.remove(name);
          if (deleted != null) {
            apply(List.of(new Change(deleted, null)), limits, seed);
          }
          return deleted != null;
        });
  }

  // the seed may fail, so it is asked before anything changes
  private void apply(List<Change> changes, Map<String, StoredLimit> limits, CounterSeed seed) {
    List<StoredLimit> all = List.copyOf(limits.values());
    Set<Long> anew = new TreeSet<>();
    changes.forEach(change -> anew.addAll(seed.countedAnew(change.before(), change.after(), all)));
    anew.retainAll(all.stream().map(StoredLimit::id).collect(Collectors.toSet()));
    SeededCounters seeded =
        anew.isEmpty()
            ? new SeededCounters(Map.of(), List.of())
            : seed.seed(
                anew,
                InMemoryMaintenance.snapshot(
                    storage, clock, all, key -> anew.contains(key.limitId())));
    changes.forEach(change -> removeCountersOf(change.before()));
    storage.counters.keySet().removeIf(key -> anew.contains(key.limitId()));
    storage.counters.putAll(seeded.counters());
    seeded.holds().forEach(hold -> storage.holds.put(hold.id(), hold));
    storage.limits.clear();
    storage.limits.putAll(limits);
    storage.limitRevision++;
  }

  private void removeCountersOf(@Nullable StoredLimit limit) {
    if (limit != null) {
      storage.counters.keySet().removeIf(key -> key.limitId() == limit.id());
      storage.bases.keySet().removeIf(key -> key.limitId() == limit.id());
    }
  }
}
