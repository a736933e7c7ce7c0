package io.llmaccounting.providers.prices;

import io.llmaccounting.usage.PricedCost;
import java.util.List;
import java.util.Optional;

/**
 * Why a call costs what it costs, or why that is not known.
 *
 * @param row the row that matched, if any
 * @param price what {@link PriceCatalog#price} returns
 * @param reasons for people: what matched, and each rule that changed the amount
 */
public record PriceExplanation(
    Optional<PriceRow> row, Optional<PricedCost> price, List<String> reasons) {
  /** Copies the reasons. */
  public PriceExplanation {
    reasons = List.copyOf(reasons);
  }

  @Override
  public String toString() {
    return price.map(p -> p.cost() + " by " + p.pricedBy()).orElse("unpriced")
        + ": "
        + String.join("; ", reasons);
  }
}
