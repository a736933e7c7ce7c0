package io.llmaccounting.usage;

import java.util.List;

/**
 * A record with everything that became known of it later.
 *
 * @param record the record as the last adjustment leaves it
 * @param adjustments what became known, in order; empty where nothing did
 */
public record UsageHistory(RecordedUsage record, List<UsageAdjustment> adjustments) {
  /**
   * Copies the list. A record whose own correction is all that is known of one has an adjustment of
   * the time when it was settled; otherwise the last adjustment says what counts.
   */
  public UsageHistory {
    adjustments = adjustments.isEmpty() ? own(record) : List.copyOf(adjustments);
    if (!adjustments.isEmpty()) {
      record = record.adjusted(adjustments.get(adjustments.size() - 1));
    }
  }

  /** The history of a record of which no correction is known but its own. */
  public static UsageHistory of(RecordedUsage record) {
    return new UsageHistory(record, List.of());
  }

  private static List<UsageAdjustment> own(RecordedUsage record) {
    return record.isAdjusted()
        ? List.of(new UsageAdjustment(record.settledAt(), record.figures(), record.adjustment()))
        : List.of();
  }
}
