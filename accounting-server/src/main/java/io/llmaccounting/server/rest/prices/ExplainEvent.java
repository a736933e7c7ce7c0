package io.llmaccounting.server.rest.prices;

import io.llmaccounting.server.rest.events.ShowEvent;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.UsageHistory;

/** Says what a recorded call cost, and why it would cost that or something else now. */
public final class ExplainEvent implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    UsageHistory found = ShowEvent.find(asked);
    Explained explained = new Explained(asked.reach().prices(), found.record().current());
    PricedCost computed = found.record().computedCost().orElse(null);
    return Answer.ok(
        to -> {
          to.text("id", found.record().usage().id())
              .text(
                  "cost",
                  found.record().cost().map(cost -> cost.toString().substring(1)).orElse(null))
              .text("priced_by", computed == null ? null : computed.pricedBy());
          explained.write(to);
        });
  }
}
