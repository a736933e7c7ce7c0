package io.llmaccounting.json;

import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The parts of a call as objects in the field {@code parts} of its line. */
final class PartLines {
  private PartLines() {}

  static void write(JsonWriter to, List<CallPart> parts) throws IOException {
    if (parts.isEmpty()) {
      return;
    }
    to.beginList("parts");
    for (CallPart part : parts) {
      to.beginObject()
          .text("kind", part.kind())
          .text("provider", part.provider())
          .text("model", part.model());
      TokenLine.write(to, part.tokens());
      PricedCost price = part.price();
      to.text("computed_cost", price == null ? null : UsageLine.dollars(price.cost()))
          .text("priced_by", price == null ? null : price.pricedBy())
          .flagIfSet("lower_bound", price != null && price.lowerBound())
          .endObject();
    }
    to.endList();
  }

  static List<CallPart> read(JsonFields line) {
    List<CallPart> parts = new ArrayList<>();
    for (JsonFields fields : line.objects("parts")) {
      TokenUsage tokens = TokenLine.read(fields);
      if (tokens == null) {
        throw new IllegalArgumentException("a part must have input_tokens and output_tokens");
      }
      parts.add(
          new CallPart(
              fields.text("kind"),
              fields.optionalText("model"),
              fields.optionalText("provider"),
              tokens,
              UsageLine.priced(fields, "computed_cost", "priced_by", "lower_bound")));
      fields.requireNoOthers();
    }
    return parts;
  }
}
