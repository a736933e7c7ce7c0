package io.llmaccounting.server.rest.quota;

import io.llmaccounting.json.CallRequestLine;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.reach.QuotaReach;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says whether a call may be made, and holds nothing. */
public final class Validate implements Handler {
  private final Workers workers;

  /** Reads by {@code workers} what a refusal does not tell. */
  public Validate(Workers workers) {
    this.workers = workers;
  }

  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    QuotaReach reach = asked.reach().quotas();
    CallRequest request = CallRequestLine.read(asked.body());
    return reach
        .check(request)
        .thenCompose(
            decision ->
                decision.isAdmitted()
                    ? CompletableFuture.completedFuture(new Verdict(decision, reach))
                    : workers
                        .work(() -> new Verdict(decision, reach, reach.status(request)))
                        .toCompletionStage())
        .thenApply(verdict -> Answer.ok(verdict::write));
  }
}
