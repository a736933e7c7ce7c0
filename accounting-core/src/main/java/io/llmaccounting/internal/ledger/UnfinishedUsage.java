package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.HeldFigures;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.util.function.UnaryOperator;

/**
 * Makes the record of a call that nobody has ended: it has what its hold expected, as an estimate.
 * Pure.
 */
public final class UnfinishedUsage {
  private UnfinishedUsage() {}

  /** The record of the call of {@code hold}. */
  public static Usage of(HoldRecord hold, LimitIndex limits, UnaryOperator<Usage> pricing) {
    UsageBuilder call =
        new UsageBuilder(UsageId.timeOf(hold.id()))
            .id(hold.id())
            .model(hold.model())
            .attribution(hold.attribution())
            .outcome(Outcome.UNFINISHED);
    describe(call, hold);
    HeldFigures held = HeldFigures.of(hold, limits);
    TokenUsage tokens = held.tokens();
    if (tokens == null) {
      return call.build().withComputedCost(held.cost());
    }
    Usage priced = pricing.apply(call.tokens(tokens).source(TokenSource.ESTIMATED).build());
    return priced.computedCost() == null ? priced.withComputedCost(held.cost()) : priced;
  }

  private static void describe(UsageBuilder call, HoldRecord hold) {
    HoldRecord.Asked asked = hold.asked();
    if (hold.provider() != null) {
      call.provider(hold.provider());
    }
    if (asked.key() != null) {
      call.key(asked.key());
    }
    if (asked.operation() != null) {
      call.operation(asked.operation());
    }
    if (asked.serviceTier() != null) {
      call.serviceTier(asked.serviceTier());
    }
    if (asked.region() != null) {
      call.region(asked.region());
    }
    if (asked.batch()) {
      call.batch();
    }
  }
}
