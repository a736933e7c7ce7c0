package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import org.jspecify.annotations.Nullable;

/** Says why no row prices a call, and what to do about it. */
final class NoRow {
  private NoRow() {}

  static String reason(PricedCall call) {
    String model = call.responseModel() == null ? call.model() : call.responseModel();
    String provider = ProviderNames.of(call.provider(), model);
    return "no row for %smodel %s%s at %s; %s"
        .formatted(
            call.responseModel() == null ? "" : "model " + call.responseModel() + " or ",
            call.model(),
            call.provider() == null ? "" : " of provider " + call.provider(),
            call.at(),
            remedy(call.model(), provider));
  }

  private static String remedy(String model, @Nullable String provider) {
    if (provider != null && ProviderNames.reportsCost(provider)) {
      return provider
          + " says in its answers what a call costs: record that as the reported cost, or add a row"
          + " to a file of prices";
    }
    if (provider == null && (model.indexOf('/') >= 0 || model.indexOf(':') >= 0)) {
      return "the name may be that of a router or of a local model, so it does not get the maker's"
          + " price: say which provider it is, or add a row to a file of prices";
    }
    return "add a row to a file of prices";
  }
}
