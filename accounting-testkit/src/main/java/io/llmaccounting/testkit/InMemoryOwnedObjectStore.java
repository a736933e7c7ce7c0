package io.llmaccounting.testkit;

import io.llmaccounting.access.OwnedObject;
import io.llmaccounting.backend.OwnedObjectStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** Keeps by handle whose objects are. */
final class InMemoryOwnedObjectStore implements OwnedObjectStore {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;

  InMemoryOwnedObjectStore(InMemoryStorage storage, FaultSwitch faults) {
    this.storage = storage;
    this.faults = faults;
  }

  @Override
  public void keep(Collection<OwnedObject> objects, Instant now) {
    faults.enter(
        () -> {
          for (OwnedObject one : objects) {
            storage.ownedObjects.merge(one.handle(), one, (known, next) -> kept(known, next, now));
          }
          return null;
        });
  }

  private static OwnedObject kept(OwnedObject known, OwnedObject next, Instant now) {
    boolean over = !known.expiresAt().isAfter(now);
    if (!over && !known.owner().equals(next.owner())) {
      return known;
    }
    return known.expiresAt().isAfter(next.expiresAt())
        ? new OwnedObject(next.handle(), next.owner(), next.credential(), known.expiresAt())
        : next;
  }

  @Override
  public List<OwnedObject> find(Collection<String> handles) {
    return faults.enter(
        () ->
            new HashSet<>(handles)
                .stream().map(storage.ownedObjects::get).filter(Objects::nonNull).toList());
  }

  @Override
  public void remove(Collection<String> handles) {
    boolean unused = faults.enter(() -> storage.ownedObjects.keySet().removeAll(handles));
  }

  @Override
  public int removeExpired(Instant now, int most) {
    return faults.enter(
        () -> {
          List<String> over =
              storage.ownedObjects.values().stream()
                  .filter(one -> !one.expiresAt().isAfter(now))
                  .map(OwnedObject::handle)
                  .limit(most)
                  .toList();
          over.forEach(storage.ownedObjects::remove);
          return over.size();
        });
  }
}
