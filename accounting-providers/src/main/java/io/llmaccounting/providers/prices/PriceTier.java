package io.llmaccounting.providers.prices;

import java.util.Objects;

/**
 * Prices for large requests. They apply to all tokens of a request, not only to those beyond the
 * boundary.
 *
 * @param above the tier applies if the total input of the request is greater than this
 * @param prices the prices of the tier, in full
 */
public record PriceTier(long above, TokenPrices prices) {
  /** Checks the boundary. */
  public PriceTier {
    Objects.requireNonNull(prices, "prices is required, was null");
    if (above < 0) {
      throw new IllegalArgumentException("above must not be negative, was " + above);
    }
  }
}
