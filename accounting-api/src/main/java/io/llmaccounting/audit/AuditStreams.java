package io.llmaccounting.audit;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One page of the streams, by id.
 *
 * @param before the instant before which entries count as old enough to be removed, microsecond
 *     precision
 * @param after the stream that the page before ended with, or null for the first page
 * @param limit at most so many, 1 to 10,000
 */
public record AuditStreams(Instant before, @Nullable UUID after, int limit) {
  /** Checks the limit. */
  public AuditStreams {
    before = Check.instant("before", before);
    Check.range("limit", limit, 1, 10_000);
  }

  /** The first {@code limit} streams, for a caller that removes nothing. */
  public static AuditStreams all(int limit) {
    return new AuditStreams(Instant.EPOCH, null, limit);
  }

  /** The page that follows the one ending with {@code last}. */
  public AuditStreams after(AuditStream last) {
    return new AuditStreams(before, last.stream(), limit);
  }
}
