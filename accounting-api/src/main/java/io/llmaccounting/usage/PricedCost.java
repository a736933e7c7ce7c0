package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;

/**
 * A cost that was computed, and from which price.
 *
 * @param cost the amount
 * @param pricedBy id of the price row, or of the correction, that gave it
 */
public record PricedCost(Cost cost, String pricedBy) {
  /** Checks the range of the cost and the name of the price. */
  public PricedCost {
    Check.range("cost", cost.nanos(), 0, Cost.MAX_PER_CALL.nanos());
    Check.name("pricedBy", pricedBy);
  }
}
