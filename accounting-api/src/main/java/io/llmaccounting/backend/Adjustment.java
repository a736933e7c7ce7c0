package io.llmaccounting.backend;

import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;

/**
 * A later, better knowledge of what a call cost. The record itself is never edited.
 *
 * @param before the record as the ledger handed it over in this transaction
 * @param corrected the cost that counts from now on
 */
public record Adjustment(RecordedUsage before, PricedCost corrected) {
  /** The record as it is afterwards. */
  public RecordedUsage after() {
    return new RecordedUsage(
        before.usage(), before.chargedAt(), before.settledAt(), before.late(), corrected);
  }
}
