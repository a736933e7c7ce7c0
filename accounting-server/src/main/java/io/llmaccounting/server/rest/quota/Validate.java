package io.llmaccounting.server.rest.quota;

import io.llmaccounting.json.CallRequestLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.reach.QuotaReach;
import java.util.concurrent.CompletionStage;

/** Says whether a call may be made, and holds nothing. */
public final class Validate implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    QuotaReach reach = asked.reach().quotas();
    return reach
        .check(CallRequestLine.read(asked.body()))
        .thenApply(decision -> Answer.ok(to -> new Verdict(decision, reach).write(to)));
  }
}
