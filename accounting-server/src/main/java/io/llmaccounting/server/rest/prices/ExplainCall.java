package io.llmaccounting.server.rest.prices;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.quota.Verdict;
import io.llmaccounting.server.rest.reach.QuotaReach;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Says what a call would cost and why, and whether limits have room for it. Holds nothing. */
public final class ExplainCall implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    Usage usage = asked.reach().usage().read(asked.body(), asked.reach().now());
    Explained explained = new Explained(asked.reach().prices(), usage);
    QuotaReach quotas = asked.reach().quotas();
    return quotas
        .check(request(usage, explained))
        .thenApply(
            decision ->
                Answer.ok(
                    to -> {
                      explained.write(to);
                      to.beginObject("verdict");
                      new Verdict(decision, quotas).write(to);
                      to.endObject();
                    }));
  }

  private static CallRequest request(Usage usage, Explained explained) {
    CallRequest request = CallRequest.to(usage.model()).attribution(usage.attribution());
    if (usage.provider() != null) {
      request = request.provider(usage.provider());
    }
    TokenUsage tokens = usage.tokens();
    if (tokens != null) {
      request = request.inputTokens(tokens.input()).maxOutputTokens(tokens.output());
    }
    Optional<Cost> cost = usage.cost().or(() -> explained.price().map(PricedCost::cost));
    return cost.isPresent() ? request.cost(cost.get()) : request;
  }
}
