package io.llmaccounting.backend;

import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became known of a call after it was recorded: a better cost, better figures, or both. The
 * record itself is never edited.
 *
 * @param before the record as the ledger handed it over in this transaction
 * @param corrected a cost computed later that counts from now on, or null where the cost in the
 *     figures does
 * @param figures the figures that count from now on, or null where those of the record do
 * @param known how another store came to know it, in order, the last being what counts from now on;
 *     empty where it becomes known in this transaction
 */
public record Adjustment(
    RecordedUsage before,
    @Nullable PricedCost corrected,
    @Nullable CallFigures figures,
    List<UsageAdjustment> known) {
  /** Copies the list. */
  public Adjustment {
    known = List.copyOf(known);
  }

  /** What becomes known in this transaction. */
  public Adjustment(
      RecordedUsage before, @Nullable PricedCost corrected, @Nullable CallFigures figures) {
    this(before, corrected, figures, List.of());
  }

  /** Another computed cost of the figures that count already. */
  public static Adjustment ofCost(RecordedUsage before, PricedCost corrected) {
    return new Adjustment(before, corrected, before.figures());
  }

  /**
   * Better figures. A cost that was corrected before belongs to poorer figures, and counts no
   * longer.
   */
  public static Adjustment ofFigures(RecordedUsage before, CallFigures better) {
    return new Adjustment(before, null, better);
  }

  /** What another store came to know after {@code before}; at least one, in order. */
  public static Adjustment ofKnown(RecordedUsage before, List<UsageAdjustment> known) {
    UsageAdjustment last = known.get(known.size() - 1);
    return new Adjustment(before, last.correctedCost(), last.figures(), known);
  }

  /** The record as it is after this adjustment. */
  public RecordedUsage after() {
    return before.adjusted(new UsageAdjustment(before.settledAt(), figures, corrected));
  }

  /**
   * The entries that this adds to the record's history, in order, where the ledger's clock reads
   * {@code now}.
   */
  public List<UsageAdjustment> booked(Instant now) {
    return known.isEmpty() ? List.of(new UsageAdjustment(now, figures, corrected)) : known;
  }
}
