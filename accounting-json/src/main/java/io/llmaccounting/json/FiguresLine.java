package io.llmaccounting.json;

import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.TokenSource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Figures that count in place of a record's, as the object {@code better} of its line. */
final class FiguresLine {
  private FiguresLine() {}

  static void write(JsonWriter to, @Nullable CallFigures figures) throws IOException {
    if (figures == null) {
      return;
    }
    PricedCost computed = figures.computedCost();
    to.beginObject("better");
    TokenLine.write(to, figures.tokens());
    to.word("source", figures.source()).map("extras", figures.extras());
    PartLines.write(to, figures.parts());
    to.text("cost", UsageLine.dollars(figures.givenCost()))
        .text("reported_cost", UsageLine.dollars(figures.reportedCost()))
        .flagIfSet("prefers_computed", figures.costPolicy() == ReportedCostPolicy.PREFER_COMPUTED)
        .text("computed_cost", computed == null ? null : UsageLine.dollars(computed.cost()))
        .text("priced_by", computed == null ? null : computed.pricedBy())
        .flagIfSet("lower_bound", computed != null && computed.lowerBound())
        .word("outcome", figures.outcome())
        .endObject();
  }

  static @Nullable CallFigures read(JsonFields line) {
    JsonFields fields = line.optionalObject("better");
    if (fields == null) {
      return null;
    }
    CallFigures figures =
        new CallFigures(
            TokenLine.read(fields),
            fields.word("source", TokenSource.class),
            fields.counts("extras"),
            PartLines.read(fields),
            UsageLine.cost(fields, "cost"),
            UsageLine.cost(fields, "reported_cost"),
            UsageLine.priced(fields, "computed_cost", "priced_by", "lower_bound"),
            fields.flag("prefers_computed")
                ? ReportedCostPolicy.PREFER_COMPUTED
                : ReportedCostPolicy.PREFER_REPORTED,
            fields.word("outcome", Outcome.class));
    fields.requireNoOthers();
    return figures;
  }
}
