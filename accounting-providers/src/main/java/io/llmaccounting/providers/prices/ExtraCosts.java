package io.llmaccounting.providers.prices;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Adds what is billed apart to what tokens cost, as a fraction, so that nothing is rounded before
 * the end. Confined to one thread.
 */
final class ExtraCosts {
  private BigDecimal numerator;
  private BigDecimal denominator = BigDecimal.ONE;
  private boolean lowerBound;

  ExtraCosts(BigDecimal tokens) {
    this.numerator = tokens;
  }

  void add(Map<String, Long> counts, PriceRow row, Reasons reasons) {
    for (Map.Entry<String, Long> extra : counts.entrySet()) {
      ExtraPrice price = row.extras().get(extra.getKey());
      if (price == null) {
        lowerBound |= extra.getValue() > 0;
        reasons.because("no price for %d %s: lower bound", extra.getValue(), extra.getKey());
        continue;
      }
      BigDecimal per = BigDecimal.valueOf(price.per());
      BigDecimal amount = price.price().multiply(BigDecimal.valueOf(extra.getValue()));
      numerator = numerator.multiply(per).add(amount.multiply(denominator));
      denominator = denominator.multiply(per);
      reasons.because(
          "%d %s at $%s per %d", extra.getValue(), extra.getKey(), price.price(), price.per());
    }
  }

  BigDecimal numerator() {
    return numerator;
  }

  BigDecimal denominator() {
    return denominator;
  }

  /** Whether something was counted that has no price. */
  boolean isLowerBound() {
    return lowerBound;
  }
}
