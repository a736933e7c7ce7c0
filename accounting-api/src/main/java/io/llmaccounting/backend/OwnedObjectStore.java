package io.llmaccounting.backend;

import io.llmaccounting.access.OwnedObject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Keeps whose the objects are that providers keep for callers. Safe for use by many threads. */
public interface OwnedObjectStore {
  /**
   * Keeps objects. One that is kept for another owner stays as it is until it has expired; one of
   * the same owner gets the later of both expiries.
   *
   * @param now what has expired by then is replaced
   */
  void keep(Collection<OwnedObject> objects, Instant now);

  /** Those of these handles that are kept, expired ones included, in no order. */
  List<OwnedObject> find(Collection<String> handles);

  /** Keeps those of these handles no longer. */
  void remove(Collection<String> handles);

  /**
   * Removes what has expired by {@code now}, at most so many.
   *
   * @return how many were removed
   */
  int removeExpired(Instant now, int most);
}
