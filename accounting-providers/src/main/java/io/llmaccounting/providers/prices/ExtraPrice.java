package io.llmaccounting.providers.prices;

import java.math.BigDecimal;

/**
 * The price of something that is billed apart from tokens: {@code price} US dollars for every
 * {@code per} of it.
 *
 * @param price US dollars, 0 or more
 * @param per how many the price buys, for instance 1,000 web searches
 */
public record ExtraPrice(BigDecimal price, long per) {
  /** Checks that both can be reckoned with. */
  public ExtraPrice {
    if (price.signum() < 0 || per <= 0) {
      throw new IllegalArgumentException(
          "price must not be negative and per must be positive, were %s and %d"
              .formatted(price, per));
    }
  }
}
