package io.llmaccounting.audit;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Says which entries retention removes. */
public sealed interface AuditRemoval {
  /** The most entries that are removed at once. */
  int limit();

  /**
   * Entries without a seal, the oldest first.
   *
   * @param before only those that are older
   * @param limit at most so many, 1 to 10,000
   */
  record Unsealed(Instant before, int limit) implements AuditRemoval {
    /** Checks the limit. */
    public Unsealed {
      before = Check.instant("before", before);
      Check.range("limit", limit, 1, 10_000);
    }
  }

  /**
   * The beginning of a stream, the lowest sequence first.
   *
   * @param stream the stream
   * @param through the highest sequence that leaves
   * @param limit at most so many, 1 to 10,000
   */
  record Sealed(UUID stream, long through, int limit) implements AuditRemoval {
    /** Checks the limit. */
    public Sealed {
      Objects.requireNonNull(stream, "stream is required, was null");
      Check.range("limit", limit, 1, 10_000);
    }
  }
}
