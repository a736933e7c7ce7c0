package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A row that matches a call, and how well.
 *
 * @param row the row
 * @param whole its standard prices as whole numbers, null where they are none
 * @param name the name of the model that it matched
 * @param providerDistance 0 for the provider of the call, more for others that may stand in
 * @param specificity how much of the name its pattern pins down
 */
record PriceMatch(
    PriceRow row, @Nullable WholePrices whole, String name, int providerDistance, int specificity) {
  /** The best match first. */
  static final Comparator<PriceMatch> BEST_FIRST =
      Comparator.comparingInt(PriceMatch::providerDistance)
          .thenComparing(Comparator.comparingInt(PriceMatch::specificity).reversed())
          .thenComparing(Comparator.comparing(PriceMatch::since).reversed())
          .thenComparing(match -> match.row().id());

  /**
   * Nano-dollars of a call that nothing but its tokens and the row's standard prices decides, as
   * {@link CostReckoning} finds them; negative where it has to be asked.
   */
  long plainCost(PricedCall call) {
    WholePrices standard = whole;
    if (standard == null) {
      return -1;
    }
    boolean plain =
        row.daily().isEmpty()
            && (row.tiers().isEmpty() || call.tokens().input() <= row.tiers().get(0).above())
            && call.extras().isEmpty()
            && call.serviceTier() == null
            && call.region() == null
            && call.speed() == null
            && !call.batch();
    return plain ? standard.nanosOf(call.tokens()) : -1;
  }

  private Instant since() {
    return row.from() == null ? Instant.MIN : row.from();
  }
}
