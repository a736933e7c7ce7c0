package io.llmaccounting.backend;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What became of the records of a batch.
 *
 * @param fresh ids that were not there and are stored now; only these are booked
 * @param twins for ids that are not stored the record that has their id or their key already
 * @param tooOld for every other id why nobody can tell whether it was there before
 * @param others for fresh ids, whose names are too many on their day to be told apart in rollups,
 *     the dimensions of these names; see {@link NameBound}
 */
public record StoredRecords(
    Set<UUID> fresh,
    Map<UUID, RecordedUsage> twins,
    Map<UUID, TooOld> tooOld,
    Map<UUID, Set<Dimension>> others) {
  /** The outcome of a batch without records. */
  public static final StoredRecords NONE = new StoredRecords(Set.of(), Map.of(), Map.of());

  /** An outcome in which rollups tell all names apart. */
  public StoredRecords(Set<UUID> fresh, Map<UUID, RecordedUsage> twins, Map<UUID, TooOld> tooOld) {
    this(fresh, twins, tooOld, Map.of());
  }

  /** Returns a copy of which some names are not told apart. */
  public StoredRecords withOthers(Map<UUID, Set<Dimension>> dimensions) {
    return new StoredRecords(fresh, twins, tooOld, dimensions);
  }
}
