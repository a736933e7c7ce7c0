package io.llmaccounting.cli.command;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.PricedCost;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Prices that are read when the first call needs one.
 *
 * @param prices gives the same prices each time
 */
record LatePricing(Supplier<? extends Pricing> prices) implements Pricing {
  @Override
  public Optional<PricedCost> price(PricedCall call) {
    return prices.get().price(call);
  }

  @Override
  public List<CallPart> parts(PricedCall call) {
    return prices.get().parts(call);
  }
}
