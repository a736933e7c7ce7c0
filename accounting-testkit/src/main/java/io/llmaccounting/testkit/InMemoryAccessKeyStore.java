package io.llmaccounting.testkit;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.FormerDigest;
import io.llmaccounting.backend.AccessKeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Keeps keys by id, by digest and in the order of their names. */
final class InMemoryAccessKeyStore implements AccessKeyStore {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;

  InMemoryAccessKeyStore(InMemoryStorage storage, FaultSwitch faults) {
    this.storage = storage;
    this.faults = faults;
  }

  @Override
  public long revision() {
    return faults.enter(() -> storage.accessRevision);
  }

  @Override
  public Optional<AccessKey> find(String digest) {
    return faults.enter(
        () -> Optional.ofNullable(storage.digests.get(digest)).map(storage.accessKeys::get));
  }

  @Override
  public Optional<AccessKey> find(UUID id) {
    return faults.enter(() -> Optional.ofNullable(storage.accessKeys.get(id)));
  }

  @Override
  public List<AccessKey> list(AccessKeyQuery query) {
    return faults.enter(
        () ->
            rest(query).values().stream()
                .map(storage.accessKeys::get)
                .filter(key -> query.project() == null || query.project().equals(key.project()))
                .filter(key -> query.user() == null || query.user().equals(key.user()))
                .limit(query.limit())
                .toList());
  }

  private NavigableMap<AccessKeyQuery.Position, UUID> rest(AccessKeyQuery query) {
    AccessKeyQuery.Position after = query.after();
    return after == null ? storage.keyOrder : storage.keyOrder.tailMap(after, false);
  }

  @Override
  public boolean add(AccessKey key) {
    return change(
        () -> {
          if (storage.accessKeys.containsKey(key.id()) || isTaken(key)) {
            return false;
          }
          put(key);
          return true;
        });
  }

  @Override
  public boolean replace(AccessKey expected, AccessKey changed) {
    return change(
        () -> {
          AccessKey stored = storage.accessKeys.get(expected.id());
          if (stored == null || !stored.isSameAs(expected) || isTaken(changed)) {
            return false;
          }
          forget(stored);
          put(changed.usedAt(stored.lastUsedAt()));
          return true;
        });
  }

  private void forget(AccessKey key) {
    storage.keyOrder.remove(key.position());
    storage.digests.remove(key.digest());
    FormerDigest former = key.former();
    if (former != null) {
      storage.digests.remove(former.digest());
    }
  }

  private boolean isTaken(AccessKey key) {
    UUID owner = storage.digests.get(key.digest());
    return owner != null && !owner.equals(key.id());
  }

  private void put(AccessKey key) {
    storage.accessKeys.put(key.id(), key);
    storage.keyOrder.put(key.position(), key.id());
    storage.digests.put(key.digest(), key.id());
    FormerDigest former = key.former();
    if (former != null) {
      storage.digests.put(former.digest(), key.id());
    }
  }

  private boolean change(BooleanSupplier change) {
    return faults.enter(
        () -> {
          boolean changed = change.getAsBoolean();
          if (changed) {
            storage.accessRevision++;
          }
          return changed;
        });
  }

  @Override
  public void used(Map<UUID, Instant> last) {
    faults.enter(
        () -> {
          last.forEach(
              (id, at) -> storage.accessKeys.computeIfPresent(id, (i, key) -> used(key, at)));
          return true;
        });
  }

  private static AccessKey used(AccessKey key, Instant at) {
    AccessKey used = key.usedAt(at);
    Instant before = key.lastUsedAt();
    return before == null || before.isBefore(at) ? used : key;
  }
}
