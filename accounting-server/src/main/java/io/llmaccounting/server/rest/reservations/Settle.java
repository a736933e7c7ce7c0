package io.llmaccounting.server.rest.reservations;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.usage.Usage;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Records what a call consumed, and gives back what was held for it. */
public final class Settle implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    UUID id = asked.path().id("id");
    Usage usage = asked.reach().usage().read(asked.body(), id);
    return asked
        .reach()
        .quotas()
        .hold(id)
        .thenCompose(hold -> hold.settleAsync(usage))
        .thenApply(
            receipt ->
                Answer.ok(
                    to ->
                        to.word("status", receipt.status())
                            .text("id", receipt.id())
                            .text(
                                "cost",
                                receipt
                                    .cost()
                                    .map(cost -> cost.toString().substring(1))
                                    .orElse(null))));
  }
}
