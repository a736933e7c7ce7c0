package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.validation.Check;
import java.util.Objects;

/**
 * A record to be delivered.
 *
 * @param record as it is now, with the figures that count
 * @param revision how many adjustments it has: where a receiver gets a record more than once, the
 *     greatest revision is the one to keep
 */
public record OutboxItem(RecordedUsage record, long revision) {
  /** Checks the revision. */
  public OutboxItem {
    Objects.requireNonNull(record, "record is required, was null");
    Check.range("revision", revision, 0, Long.MAX_VALUE);
  }
}
