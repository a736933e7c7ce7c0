package io.llmaccounting.server.rest.reservations;

import io.llmaccounting.json.CallRequestLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.quota.Verdict;
import io.llmaccounting.server.rest.reach.QuotaReach;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Raises what is held to what is expected of the whole call now. */
public final class Grow implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    UUID id = asked.path().id("id");
    QuotaReach reach = asked.reach().quotas();
    return reach
        .grow(id, CallRequestLine.read(asked.body()))
        .thenApply(
            decision ->
                Answer.ok(
                    to -> {
                      to.text("id", id).beginObject("verdict");
                      new Verdict(decision, reach).write(to);
                      to.endObject();
                    }));
  }
}
