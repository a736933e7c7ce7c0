package io.llmaccounting.backend;

import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import org.jspecify.annotations.Nullable;

/**
 * A later, better knowledge of a call. The record itself is never edited.
 *
 * @param before the record as the ledger handed it over in this transaction
 * @param corrected a cost computed later that counts from now on, or null where the figures' does
 * @param figures the figures that count from now on, or null where those of the record do
 */
public record Adjustment(
    RecordedUsage before, @Nullable PricedCost corrected, @Nullable CallFigures figures) {
  /** Another computed cost of the figures that count already. */
  public static Adjustment ofCost(RecordedUsage before, PricedCost corrected) {
    return new Adjustment(before, corrected, before.figures());
  }

  /** Better figures, which a cost that was corrected before is not of. */
  public static Adjustment ofFigures(RecordedUsage before, CallFigures better) {
    return new Adjustment(before, null, better);
  }

  /** The record as it is afterwards. */
  public RecordedUsage after() {
    return new RecordedUsage(
        before.usage(), before.chargedAt(), before.settledAt(), before.late(), corrected, figures);
  }
}
