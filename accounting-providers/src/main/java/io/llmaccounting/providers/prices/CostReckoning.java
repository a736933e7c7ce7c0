package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.PricedCost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Computes what one call costs under one row, exactly. Confined to one thread. */
final class CostReckoning {
  private static final int PER_MILLION = 6;
  private static final int NANO = 9;
  private static final BigDecimal MOST = Cost.MAX_PER_CALL.toUsd();

  private final PriceRow row;
  private final PricedCall call;
  private final Reasons reasons;

  CostReckoning(PriceRow row, PricedCall call, Reasons reasons) {
    this.row = row;
    this.call = call;
    this.reasons = reasons;
  }

  /** The exact product, rounded once; empty where a price that it needs is not known. */
  Optional<PricedCost> cost() {
    PartPrices parts = new PartPrices(prices(), row.derived(), reasons);
    BigDecimal tokens = parts.millionths(call.tokens());
    if (tokens == null) {
      return Optional.empty();
    }
    ExtraCosts extras = new ExtraCosts(tokens.movePointLeft(PER_MILLION));
    extras.add(call.extras(), row, reasons);
    if (extras.isLowerBound() && extras.numerator().signum() == 0 && call.tokens().total() == 0) {
      reasons.because("nothing of the call has a price");
      return Optional.empty();
    }
    Multipliers multipliers = new Multipliers(row, call, reasons);
    BigDecimal exact = extras.numerator().multiply(multipliers.product());
    BigDecimal cost =
        extras.denominator().compareTo(BigDecimal.ONE) == 0
            ? exact.setScale(NANO, RoundingMode.HALF_EVEN)
            : exact.divide(extras.denominator(), NANO, RoundingMode.HALF_EVEN);
    if (cost.compareTo(MOST) > 0) {
      reasons.because(
          "$%s is more than one call may cost, %s", cost.toPlainString(), Cost.MAX_PER_CALL);
      return Optional.empty();
    }
    boolean lowerBound =
        parts.isLowerBound() || extras.isLowerBound() || multipliers.isLowerBound();
    return Optional.of(new PricedCost(Cost.usd(cost), row.id(), lowerBound));
  }

  private TokenPrices prices() {
    for (DailyPrices daily : row.daily()) {
      if (daily.contains(call.at())) {
        reasons.because(
            "%s lies from %s to %s %s", call.at(), daily.start(), daily.end(), daily.zone());
        return daily.prices();
      }
    }
    TokenPrices prices = row.prices();
    long input = call.tokens().input();
    for (PriceTier tier : row.tiers()) {
      if (input > tier.above()) {
        reasons.because("input of %s is above %d", Plural.of(input, "token"), tier.above());
        prices = tier.prices();
      }
    }
    return prices;
  }
}
