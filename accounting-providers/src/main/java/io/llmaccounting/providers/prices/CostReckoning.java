package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one call costs under one row, exactly. Confined to one thread. */
final class CostReckoning {
  private static final Set<String> STANDARD_TIERS =
      Set.of("default", "standard", "auto", "on_demand");
  private static final int PER_MILLION = 6;
  private static final int NANO = 9;
  private static final BigDecimal MOST = Cost.MAX_PER_CALL.toUsd();

  private final PriceRow row;
  private final PricedCall call;
  private final @Nullable List<String> reasons;

  /** Reasons are told only to a list that is given: most calls are priced unexplained. */
  CostReckoning(PriceRow row, PricedCall call, @Nullable List<String> reasons) {
    this.row = row;
    this.call = call;
    this.reasons = reasons;
  }

  /** The exact product, rounded once; empty where a price that it needs is not known. */
  Optional<PricedCost> cost() {
    TokenUsage tokens = call.tokens();
    TokenPrices prices = prices();
    BigDecimal input = prices.input();
    BigDecimal output = prices.output();
    if (input == null && tokens.input() > 0) {
      because(() -> "the row has no price for input tokens");
      return Optional.empty();
    }
    if (output == null && tokens.output() > 0) {
      because(() -> "the row has no price for output tokens");
      return Optional.empty();
    }
    BigDecimal sum = plus(BigDecimal.ZERO, tokens.uncachedInput(), input);
    sum = plus(sum, tokens.cacheRead(), orElse(prices.cacheRead(), input));
    sum = plus(sum, tokens.cacheWrite5m(), orElse(prices.cacheWrite5m(), input));
    sum = plus(sum, tokens.cacheWrite1h(), orElse(prices.cacheWrite1h(), input));
    sum = plus(sum, tokens.audioInput(), orElse(prices.audioInput(), input));
    sum = plus(sum, tokens.textOutput(), output);
    sum = plus(sum, tokens.reasoning(), output);
    sum = plus(sum, tokens.audioOutput(), orElse(prices.audioOutput(), output));
    return rounded(sum.movePointLeft(PER_MILLION));
  }

  private void because(Supplier<String> reason) {
    if (reasons != null) {
      reasons.add(reason.get());
    }
  }

  private static @Nullable BigDecimal orElse(
      @Nullable BigDecimal price, @Nullable BigDecimal other) {
    return price == null ? other : price;
  }

  private static BigDecimal plus(BigDecimal sum, long tokens, @Nullable BigDecimal price) {
    return price == null || tokens == 0 ? sum : sum.add(price.multiply(BigDecimal.valueOf(tokens)));
  }

  /** Adds the extras as a fraction, so that nothing is rounded before the end. */
  private Optional<PricedCost> rounded(BigDecimal dollars) {
    BigDecimal numerator = dollars;
    BigDecimal denominator = BigDecimal.ONE;
    for (Map.Entry<String, Long> extra : call.extras().entrySet()) {
      ExtraPrice price = row.extras().get(extra.getKey());
      if (price == null) {
        because(() -> "no price for %d %s".formatted(extra.getValue(), extra.getKey()));
      } else {
        BigDecimal per = BigDecimal.valueOf(price.per());
        BigDecimal amount = price.price().multiply(BigDecimal.valueOf(extra.getValue()));
        numerator = numerator.multiply(per).add(amount.multiply(denominator));
        denominator = denominator.multiply(per);
        because(
            () ->
                "%d %s at $%s per %d"
                    .formatted(extra.getValue(), extra.getKey(), price.price(), price.per()));
      }
    }
    BigDecimal exact = product(product(numerator, tierMultiplier()), regionMultiplier());
    BigDecimal cost =
        isOne(denominator)
            ? exact.setScale(NANO, RoundingMode.HALF_EVEN)
            : exact.divide(denominator, NANO, RoundingMode.HALF_EVEN);
    if (cost.compareTo(MOST) > 0) {
      because(
          () ->
              "$%s is more than one call may cost, %s"
                  .formatted(cost.toPlainString(), Cost.MAX_PER_CALL));
      return Optional.empty();
    }
    return Optional.of(new PricedCost(Cost.usd(cost), row.id()));
  }

  // most calls have neither extras nor multipliers, and are priced often
  private static BigDecimal product(BigDecimal amount, BigDecimal factor) {
    return isOne(factor) ? amount : amount.multiply(factor);
  }

  private static boolean isOne(BigDecimal factor) {
    return factor.compareTo(BigDecimal.ONE) == 0;
  }

  private TokenPrices prices() {
    for (DailyPrices daily : row.daily()) {
      LocalTime time = LocalTime.ofInstant(call.at(), ZoneOffset.UTC);
      if (daily.contains(time)) {
        because(() -> "%s lies from %s to %s UTC".formatted(time, daily.start(), daily.end()));
        return daily.prices();
      }
    }
    TokenPrices prices = row.prices();
    long input = call.tokens().input();
    for (PriceTier tier : row.tiers()) {
      if (input > tier.above()) {
        because(() -> "input of %d tokens is above %d".formatted(input, tier.above()));
        prices = tier.prices();
      }
    }
    return prices;
  }

  private BigDecimal tierMultiplier() {
    String tier = call.serviceTier() == null ? "" : call.serviceTier().toLowerCase(Locale.ROOT);
    if (call.batch() || tier.equals("batch")) {
      BigDecimal batch = row.batch();
      if (batch == null) {
        because(() -> "no batch price is known, so the standard price holds");
        return BigDecimal.ONE;
      }
      because(() -> "batch: times %s%s".formatted(batch, row.batchAssumed() ? ", assumed" : ""));
      return batch;
    }
    if (tier.isEmpty() || STANDARD_TIERS.contains(tier)) {
      return BigDecimal.ONE;
    }
    BigDecimal multiplier = row.serviceTiers().get(tier);
    if (multiplier == null) {
      because(
          () ->
              "no price of service tier %s is known, so the standard price holds".formatted(tier));
      return BigDecimal.ONE;
    }
    because(() -> "service tier %s: times %s".formatted(tier, multiplier));
    return multiplier;
  }

  private BigDecimal regionMultiplier() {
    if (call.region() == null || row.regions().isEmpty()) {
      return BigDecimal.ONE;
    }
    String region = call.region().toLowerCase(Locale.ROOT);
    BigDecimal multiplier = row.regions().getOrDefault(region, row.regions().get("*"));
    if (multiplier == null) {
      return BigDecimal.ONE;
    }
    because(() -> "region %s: times %s".formatted(region, multiplier));
    return multiplier;
  }
}
