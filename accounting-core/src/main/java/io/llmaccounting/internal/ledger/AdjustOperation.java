package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.usage.Usage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Corrects records that are still what they were when the correction was worked out. The outcome is
 * how many were corrected; one that changed meanwhile, or is gone, is left as it is.
 */
public final class AdjustOperation extends Operation<Long> {
  private final List<Adjustment> adjustments;
  private final Map<UUID, List<Watch>> watches = new HashMap<>();

  /** Makes these corrections, at most one for each record. */
  public AdjustOperation(List<Adjustment> adjustments) {
    this.adjustments = List.copyOf(adjustments);
  }

  @Override
  void claims(Consumer<Object> claim) {
    adjustments.forEach(adjustment -> claim.accept(id(adjustment)));
  }

  @Override
  void match(LimitIndex limits) {
    for (Adjustment adjustment : adjustments) {
      Usage usage = adjustment.before().usage();
      watches.put(
          usage.id(), limits.watching(usage.model(), usage.provider(), usage.attribution()));
    }
  }

  @Override
  void need(Needs needs) {
    for (Adjustment adjustment : adjustments) {
      needs.readRecord(id(adjustment));
      needs.counters(watching(adjustment));
    }
  }

  @Override
  Long decide(LedgerTransaction transaction) {
    long corrected = 0;
    for (Adjustment adjustment : adjustments) {
      if (adjustment.before().equals(transaction.record(id(adjustment)))) {
        transaction.adjust(watching(adjustment), adjustment);
        corrected++;
      }
    }
    return corrected;
  }

  @Override
  int weight() {
    return adjustments.size();
  }

  private List<Watch> watching(Adjustment adjustment) {
    return watches.getOrDefault(id(adjustment), List.of());
  }

  private static UUID id(Adjustment adjustment) {
    return adjustment.before().usage().id();
  }
}
