package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The factors that multiply the standard price of a call: for batch or service tier, region and
 * speed. A factor that is not known leaves the standard price, which is then a lower bound unless
 * it is known to be a discount. Confined to one thread.
 */
final class Multipliers {
  private static final Set<String> STANDARD_TIERS =
      Set.of("default", "standard", "auto", "on_demand", "standard_only");
  private static final Set<String> DISCOUNTS = Set.of("flex", "batch", "off_peak");
  private static final Set<String> PAID_BEFORE =
      Set.of("provisioned_throughput", "provisioned", "provisioned_managed", "reserved");
  private static final Set<String> STANDARD_REGIONS = Set.of("global", "not_available");

  private final PriceRow row;
  private final PricedCall call;
  private final Reasons reasons;
  private boolean lowerBound;

  Multipliers(PriceRow row, PricedCall call, Reasons reasons) {
    this.row = row;
    this.call = call;
    this.reasons = reasons;
  }

  /** Whether the standard price had to stand for one that may be higher. */
  boolean isLowerBound() {
    return lowerBound;
  }

  BigDecimal product() {
    return times(times(tier(), region()), speed());
  }

  // most calls have none, and are priced often
  private static BigDecimal times(BigDecimal one, BigDecimal other) {
    return other.compareTo(BigDecimal.ONE) == 0 ? one : one.multiply(other);
  }

  private BigDecimal tier() {
    String tier = word(call.serviceTier());
    if (call.batch() || tier.equals("batch")) {
      BigDecimal batch = row.batch();
      if (batch == null) {
        reasons.because("no batch price is known, so the standard price holds");
        return BigDecimal.ONE;
      }
      reasons.because("batch: times %s%s", batch, row.batchAssumed() ? ", assumed" : "");
      return batch;
    }
    if (PAID_BEFORE.contains(tier.replace('-', '_'))) {
      reasons.because("service tier %s: paid for beforehand, so the call adds nothing", tier);
      return BigDecimal.ZERO;
    }
    return STANDARD_TIERS.contains(tier)
        ? BigDecimal.ONE
        : named("service tier", tier, row.serviceTiers(), DISCOUNTS.contains(tier));
  }

  private BigDecimal region() {
    String region = word(call.region());
    BigDecimal known = row.regions().get(region);
    if (known == null && STANDARD_REGIONS.contains(region)) {
      return BigDecimal.ONE;
    }
    if (known == null && row.regions().containsKey("*") && !region.isEmpty()) {
      known = row.regions().get("*");
      reasons.because("region %s: times %s", region, known);
      return known;
    }
    return named("region", region, row.regions(), row.regions().isEmpty());
  }

  private BigDecimal speed() {
    String speed = word(call.speed());
    return speed.equals("standard") ? BigDecimal.ONE : named("speed", speed, row.speeds(), false);
  }

  private BigDecimal named(
      String what, String name, Map<String, BigDecimal> known, boolean noLess) {
    if (name.isEmpty()) {
      return BigDecimal.ONE;
    }
    BigDecimal multiplier = known.get(name);
    if (multiplier == null) {
      lowerBound |= !noLess;
      reasons.because(
          "no price of %s %s is known, so the standard price holds%s",
          what, name, noLess ? "" : ": lower bound");
      return BigDecimal.ONE;
    }
    reasons.because("%s %s: times %s", what, name, multiplier);
    return multiplier;
  }

  private static String word(@Nullable String value) {
    return value == null ? "" : value.toLowerCase(Locale.ROOT);
  }
}
