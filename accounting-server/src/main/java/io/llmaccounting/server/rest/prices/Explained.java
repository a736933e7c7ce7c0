package io.llmaccounting.server.rest.prices;

import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.providers.prices.PriceExplanation;
import io.llmaccounting.server.rest.reach.PriceReach;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a call costs what it costs. */
final class Explained {
  private final PriceReach prices;
  private final @Nullable PricedCall call;

  Explained(PriceReach prices, Usage usage) {
    this.prices = prices;
    this.call = PricedCall.of(usage).orElse(null);
  }

  /** What it costs by the prices there are now. */
  Optional<PricedCost> price() {
    return call == null ? Optional.empty() : prices.explain(call).price();
  }

  /** Writes an object under {@code price}. */
  void write(JsonWriter to) throws IOException {
    to.beginObject("price");
    if (call == null) {
      to.flag("known", false).texts("reasons", List.of("how many tokens it took is not known"));
    } else {
      write(to, call);
    }
    to.endObject();
  }

  private void write(JsonWriter to, PricedCall priced) throws IOException {
    PriceExplanation explained = prices.explain(priced);
    to.flag("known", explained.price().isPresent());
    write(to, explained.price().orElse(null));
    to.texts("reasons", explained.reasons());
    if (explained.row().isPresent()) {
      to.beginObject("row");
      PriceForm.write(to, explained.row().get());
      to.endObject();
    }
    if (!priced.parts().isEmpty()) {
      to.beginList("parts");
      for (CallPart part : prices.parts(priced)) {
        to.beginObject()
            .text("kind", part.kind())
            .text("model", part.model())
            .text("provider", part.provider());
        write(to, part.price());
        to.endObject();
      }
      to.endList();
    }
  }

  private static void write(JsonWriter to, @Nullable PricedCost price) throws IOException {
    if (price != null) {
      to.text("cost", price.cost().toString().substring(1))
          .text("priced_by", price.pricedBy())
          .flagIfSet("lower_bound", price.lowerBound());
    }
  }
}
