package io.llmaccounting.audit;

import io.llmaccounting.validation.Check;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One page of a walk through all entries, in bounded memory.
 *
 * @param order in which order
 * @param after what the page before ended with, or null for the first page
 * @param limit at most so many, 1 to 10,000
 */
public record AuditScan(Order order, @Nullable ScannedEntry after, int limit) {
  /** In which order entries are walked through. */
  public enum Order {
    /** Every entry by its id: oldest first, to the millisecond. */
    ID,
    /** Sealed entries only, by stream, sequence and id. */
    STREAM
  }

  /** Checks the limit. */
  public AuditScan {
    Objects.requireNonNull(order, "order is required, was null");
    Check.range("limit", limit, 1, 10_000);
  }

  /** The first {@code limit} entries by id. */
  public static AuditScan byId(int limit) {
    return new AuditScan(Order.ID, null, limit);
  }

  /** The first {@code limit} sealed entries by stream and sequence. */
  public static AuditScan byStream(int limit) {
    return new AuditScan(Order.STREAM, null, limit);
  }

  /** The page that follows the one ending with {@code last}. */
  public AuditScan after(ScannedEntry last) {
    return new AuditScan(order, last, limit);
  }
}
