package io.llmaccounting.examples;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.util.Map;
import java.util.Optional;

/**
 * Prices of four models, in nano-dollars for one token: $0.25 for a million tokens are 250. A model
 * that is not listed has no price, which is not the same as free.
 */
final class ExamplePrices implements Pricing {
  private record Price(long input, long cacheRead, long cacheWrite5m, long output) {
    Cost of(TokenUsage tokens) {
      return Cost.ofNanos(
          input * tokens.uncachedInput()
              + cacheRead * tokens.cacheRead()
              + cacheWrite5m * tokens.cacheWrite5m()
              + output * tokens.output());
    }
  }

  private static final Map<String, Price> PRICES =
      Map.of(
          "gpt-5-mini", new Price(250, 25, 0, 2_000),
          "gpt-5", new Price(1_250, 125, 0, 10_000),
          "claude-sonnet-4-5", new Price(3_000, 300, 3_750, 15_000),
          "gemini-2.5-flash", new Price(300, 30, 0, 2_500));

  @Override
  public Optional<PricedCost> price(PricedCall call) {
    return Optional.ofNullable(PRICES.get(call.model()))
        .map(price -> new PricedCost(price.of(call.tokens()), "example " + call.model()));
  }
}
