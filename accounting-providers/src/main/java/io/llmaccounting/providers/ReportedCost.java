package io.llmaccounting.providers;

import io.llmaccounting.usage.Cost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Reads the cost of an answer that the seller states in its usage. */
final class ReportedCost {
  private static final int NANO = 9;
  private static final int TICKS = 10;

  private ReportedCost() {}

  /** The cost in US dollars, rounded to the nano-dollar; null where none that can be is told. */
  static @Nullable Cost of(UsageTree usage) {
    BigDecimal dollars = dollars(usage);
    if (dollars == null || dollars.signum() < 0) {
      return null;
    }
    BigDecimal rounded = dollars.setScale(NANO, RoundingMode.HALF_EVEN);
    return rounded.compareTo(Cost.MAX_PER_CALL.toUsd()) > 0 ? null : Cost.usd(rounded);
  }

  private static @Nullable BigDecimal dollars(UsageTree usage) {
    BigDecimal ticks = usage.decimal("cost_in_usd_ticks");
    if (ticks != null) {
      return ticks.movePointLeft(TICKS);
    }
    BigDecimal total = usage.decimal("cost.total_cost");
    BigDecimal cost = total == null ? usage.decimal("cost") : total;
    BigDecimal upstream = usage.decimal("cost_details.upstream_inference_cost");
    // With a key of the user's own the router charges its fee, and the provider the rest.
    return cost != null && upstream != null && usage.isTrue("is_byok") ? cost.add(upstream) : cost;
  }
}
