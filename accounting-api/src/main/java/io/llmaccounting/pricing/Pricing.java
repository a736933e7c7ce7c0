package io.llmaccounting.pricing;

import io.llmaccounting.usage.PricedCost;
import java.util.Optional;

/** Knows what calls cost. Safe for use by many threads. */
@FunctionalInterface
public interface Pricing {
  /** Knows no price: every call without a cost of its own stays unpriced. */
  Pricing NONE = call -> Optional.empty();

  /**
   * What {@code call} costs: the exact product of its parts and their prices, rounded once,
   * HALF_EVEN, to the nano-dollar.
   *
   * @return empty where no price is known, which is not the same as free
   */
  Optional<PricedCost> price(PricedCall call);
}
