package io.llmaccounting.server.rest.reservations;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import java.util.concurrent.CompletionStage;

/** Lets what is held live for its full time from now. */
public final class Renew implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    return asked
        .reach()
        .quotas()
        .hold(asked.path().id("id"))
        .thenCompose(hold -> hold.renewAsync())
        .thenApply(expires -> Answer.ok(to -> to.time("expires_at", expires)));
  }
}
