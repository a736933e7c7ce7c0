package io.llmaccounting.backend;

import io.llmaccounting.usage.UsageFilter;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which records to remove in one transaction.
 *
 * @param before those with occurredAt before this instant, a whole millisecond
 * @param filter which of them
 * @param after those with a larger id, where a slice before this one ended; null for the first
 * @param count how many at most, at least 1
 */
public record PurgeSlice(Instant before, UsageFilter filter, @Nullable UUID after, int count) {
  /** Checks the count. */
  public PurgeSlice {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, was " + count);
    }
  }
}
