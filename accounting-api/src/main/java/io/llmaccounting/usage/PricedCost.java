package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;

/**
 * A computed cost, and the price that it was computed from.
 *
 * @param cost the amount
 * @param pricedBy id of the price row, or of the correction, that gave it; of a call with parts
 *     that of its main model
 * @param lowerBound true if a component of the call had no price, so that it cost at least this
 */
public record PricedCost(Cost cost, String pricedBy, boolean lowerBound) {
  /** Checks the range of the cost and the name of the price. */
  public PricedCost {
    Check.money("cost", cost.nanos(), Cost.MAX_PER_CALL.nanos());
    Check.name("pricedBy", pricedBy);
  }

  /** A cost of which every component had a price. */
  public PricedCost(Cost cost, String pricedBy) {
    this(cost, pricedBy, false);
  }
}
