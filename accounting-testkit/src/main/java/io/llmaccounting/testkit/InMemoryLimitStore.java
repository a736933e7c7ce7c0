package io.llmaccounting.testkit;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.LimitSet;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
    Optional<Instant> from = seed.begin(replaced, clock.instant().truncatedTo(ChronoUnit.MICROS));
    if (from.isEmpty() && replaced != null) {
      return put(new StoredLimit(replaced.id(), limit));
    }
    StoredLimit stored = new StoredLimit(storage.lastLimitId + 1, limit);
    Map<CounterKey, CounterState> seeded = new HashMap<>();
    if (from.isPresent()) {
      storage.records.values().stream()
          .filter(record -> !record.chargedAt().isBefore(from.get()))
          .forEach(seed::accept);
      seed.counters()
          .forEach((subject, state) -> seeded.put(new CounterKey(stored.id(), subject), state));
    }
    storage.lastLimitId = stored.id();
    removeCountersOf(replaced);
    storage.counters.putAll(seeded);
    return put(stored);
  }

  private StoredLimit put(StoredLimit stored) {
    storage.limits.put(stored.limit().name(), stored);
    storage.limitRevision++;
    return stored;
  }

  @Override
  public boolean delete(String name) {
    return door.enter(
        () -> {
          StoredLimit removed = storage.limits.remove(name);
          if (removed != null) {
            removeCountersOf(removed);
            storage.limitRevision++;
          }
          return removed != null;
        });
  }

  private void removeCountersOf(@Nullable StoredLimit limit) {
    if (limit != null) {
      storage.counters.keySet().removeIf(key -> key.limitId() == limit.id());
      storage.bases.keySet().removeIf(key -> key.limitId() == limit.id());
    }
  }
}
