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
    return door.enter(() -> saveAlone(limit, seed));
  }

  private StoredLimit saveAlone(Limit limit, CounterSeed seed) {
    StoredLimit replaced = storage.limits.get(limit.name());
    if (replaced != null && seed.keeps(replaced.limit(), limit)) {
      StoredLimit kept = new StoredLimit(replaced.id(), limit);
      storage.limits.put(limit.name(), kept);
      storage.limitRevision++;
      return kept;
    }
    StoredLimit stored = new StoredLimit(storage.lastLimitId + 1, limit);
    replace(replaced, stored, seed);
    storage.lastLimitId = stored.id();
    return stored;
  }

  @Override
  public boolean delete(String name, CounterSeed seed) {
    return door.enter(
        () -> {
          StoredLimit deleted = storage.limits.get(name);
          if (deleted != null) {
            replace(deleted, null, seed);
          }
          return deleted != null;
        });
  }

  // the seed may fail, so it is asked before anything changes
  private void replace(
      @Nullable StoredLimit before, @Nullable StoredLimit after, CounterSeed seed) {
    TreeMap<String, StoredLimit> limits = new TreeMap<>(storage.limits);
    if (before != null) {
      limits.remove(before.limit().name());
    }
    if (after != null) {
      limits.put(after.limit().name(), after);
    }
    List<StoredLimit> all = List.copyOf(limits.values());
    Set<Long> anew = Set.copyOf(seed.countedAnew(before, after, all));
    SeededCounters seeded =
        anew.isEmpty()
            ? new SeededCounters(Map.of(), List.of())
            : seed.seed(
                anew,
                InMemoryMaintenance.snapshot(
                    storage, clock, all, key -> anew.contains(key.limitId())));
    removeCountersOf(before);
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
