package io.llmaccounting;

import io.llmaccounting.access.OwnedObject;
import io.llmaccounting.internal.access.AccessDesk;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose the objects are that providers keep for callers who share a credential, such as files and
 * batches. All instances on one database know the same. Every method waits for the store, and
 * throws {@link io.llmaccounting.backend.BackendException} if that fails, at once while it is known
 * to be away. Safe for use by many threads.
 */
public final class OwnedObjects {
  private final AccessDesk desk;

  OwnedObjects(AccessDesk desk) {
    this.desk = desk;
  }

  /**
   * Keeps objects until they expire. One that another owner has stays that owner's; one of the same
   * owner expires at the later of both times.
   */
  public void keep(Collection<OwnedObject> objects) {
    Instant now = desk.settings().now();
    @Nullable Void unused =
        desk.withOwnedObjects(
            store -> {
              store.keep(objects, now);
              return null;
            });
  }

  /** Those of these handles that are kept and have not expired, in no order. */
  public List<OwnedObject> find(Collection<String> handles) {
    Instant now = desk.settings().now();
    return desk.withOwnedObjects(store -> store.find(handles)).stream()
        .filter(one -> one.expiresAt().isAfter(now))
        .toList();
  }

  /** Keeps those of these handles no longer: they are nobody's. */
  public void remove(Collection<String> handles) {
    @Nullable Void unused =
        desk.withOwnedObjects(
            store -> {
              store.remove(handles);
              return null;
            });
  }

  /**
   * Removes what has expired, at most so many.
   *
   * @return how many were removed
   */
  public int removeExpired(int most) {
    Instant now = desk.settings().now();
    return desk.withOwnedObjects(store -> store.removeExpired(now, most));
  }
}
