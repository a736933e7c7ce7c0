package io.llmaccounting.server.rest.reach;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.providers.prices.PriceExplanation;
import io.llmaccounting.providers.prices.PriceRow;
import io.llmaccounting.usage.CallPart;
import java.util.List;

/** What a key reaches of prices: those of other projects' contracts it does not. Immutable. */
public final class PriceReach {
  private final PriceCatalog catalog;
  private final Confinement confinement;

  PriceReach(PriceCatalog catalog, Confinement confinement) {
    this.catalog = catalog;
    this.confinement = confinement;
  }

  /** The rows, in the order in which they are looked up. */
  public List<PriceRow> rows() {
    return catalog.rows().stream()
        .filter(row -> row.project() == null || confinement.isOwn(row.project()))
        .toList();
  }

  /** Explains what a call of the caller's reach costs. */
  public PriceExplanation explain(PricedCall call) {
    return catalog.explain(call);
  }

  /** The parts of a call, each with its share of the price. */
  public List<CallPart> parts(PricedCall call) {
    return catalog.parts(call);
  }
}
