package io.llmaccounting.providers.prices;

import java.time.Instant;
import java.util.Comparator;

/**
 * A row that matches a call, and how well.
 *
 * @param row the row
 * @param name the name of the model that it matched
 * @param providerDistance 0 for the provider of the call, more for others that may stand in
 * @param specificity how much of the name its pattern pins down
 */
record PriceMatch(PriceRow row, String name, int providerDistance, int specificity) {
  /** The best match first. */
  static final Comparator<PriceMatch> BEST_FIRST =
      Comparator.comparingInt(PriceMatch::providerDistance)
          .thenComparing(Comparator.comparingInt(PriceMatch::specificity).reversed())
          .thenComparing(Comparator.comparing(PriceMatch::since).reversed())
          .thenComparing(match -> match.row().id());

  private Instant since() {
    return row.from() == null ? Instant.MIN : row.from();
  }
}
