package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call whose answer has parts, as the calls that each of them is for a table of prices. */
record PartedCall(PricedCall call) {
  /** What the main model consumed, extras included. */
  PricedCall main() {
    return like(
        call.model(), call.responseModel(), call.provider(), call.mainTokens(), call.extras());
  }

  /** What {@code part} consumed. */
  PricedCall of(CallPart part) {
    String other = part.model();
    return like(
        other == null ? call.model() : other,
        other == null ? call.responseModel() : null,
        part.provider() == null ? call.provider() : part.provider(),
        part.tokens(),
        Map.of());
  }

  private PricedCall like(
      String model,
      @Nullable String responseModel,
      @Nullable String provider,
      TokenUsage tokens,
      Map<String, Long> extras) {
    return new PricedCall(
        call.at(),
        provider,
        model,
        responseModel,
        tokens,
        extras,
        List.of(),
        call.serviceTier(),
        call.speed(),
        call.batch(),
        call.region(),
        call.project());
  }

  /** Whether everything was consumed by parts. */
  boolean hasNoMain() {
    return call.mainTokens().total() == 0 && call.extras().isEmpty();
  }

  /**
   * The exact sum; a lower bound where a part has no price, empty where nothing has one.
   *
   * @param main what the main model cost, null where that is not known
   */
  Optional<PricedCost> sum(@Nullable PricedCost main, List<CallPart> parts) {
    if (main == null && !hasNoMain()) {
      return Optional.empty();
    }
    Cost sum = main == null ? Cost.ZERO : main.cost();
    String pricedBy = main == null ? null : main.pricedBy();
    boolean lowerBound = main != null && main.lowerBound();
    for (CallPart part : parts) {
      PricedCost price = part.price();
      lowerBound |= price == null || price.lowerBound();
      if (price != null) {
        sum = sum.plus(price.cost());
        pricedBy = pricedBy == null ? price.pricedBy() : pricedBy;
      }
    }
    return pricedBy == null || sum.compareTo(Cost.MAX_PER_CALL) > 0
        ? Optional.empty()
        : Optional.of(new PricedCost(sum, pricedBy, lowerBound));
  }
}
