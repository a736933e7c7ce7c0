package io.llmaccounting.server.rest.reservations;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import java.util.concurrent.CompletionStage;

/** Gives back what is held for a call that is not made. */
public final class Release implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    return asked
        .reach()
        .quotas()
        .hold(asked.path().id("id"))
        .thenCompose(hold -> hold.releaseAsync())
        .thenApply(released -> Answer.done());
  }
}
