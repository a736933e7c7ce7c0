package io.llmaccounting.retention;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a purge removed, or would remove.
 *
 * @param completeFrom the purge horizon afterwards: usage before it may be gone
 * @param removed how many of each kind that was asked for
 * @param finished false if it was stopped by an interrupt; running it again does the rest
 */
public record PurgeReport(Instant completeFrom, Map<PurgeKind, Long> removed, boolean finished) {
  /** Copies the counts. */
  public PurgeReport {
    Map<PurgeKind, Long> copy = new EnumMap<>(PurgeKind.class);
    copy.putAll(removed);
    removed = Collections.unmodifiableMap(copy);
  }

  /** How many things of this kind were removed; 0 where this was not asked for. */
  public long removed(PurgeKind kind) {
    return removed.getOrDefault(kind, 0L);
  }
}
