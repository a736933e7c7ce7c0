package io.llmaccounting.server.rest.reservations;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Receipt;
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
    // what is wrong with it is said first
    Usage usage = asked.reach().usage().read(asked.body(), id, null);
    return asked
        .reach()
        .quotas()
        .hold(id)
        .thenCompose(hold -> settle(asked, hold, usage))
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

  // the key of the record is the one that the reservation has said
  private static CompletionStage<Receipt> settle(Asked asked, HeldCall hold, Usage usage) {
    return hold.heldForAsync()
        .thenCompose(
            call -> {
              String key = call.map(CallRequest::key).orElse(null);
              return hold.settleAsync(
                  key == null ? usage : asked.reach().usage().read(asked.body(), usage.id(), key));
            });
  }
}
