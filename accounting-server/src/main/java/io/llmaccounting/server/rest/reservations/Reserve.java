package io.llmaccounting.server.rest.reservations;

import io.llmaccounting.json.CallRequestLine;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.quota.Verdict;
import io.llmaccounting.server.rest.reach.QuotaReach;
import java.util.concurrent.CompletionStage;

/** Asks whether a call may be made, and holds what it expects. */
public final class Reserve implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    QuotaReach reach = asked.reach().quotas();
    return reach
        .reserve(CallRequestLine.read(asked.body()))
        .thenApply(reservation -> answer(reservation, reach));
  }

  private static Answer answer(Reservation reservation, QuotaReach reach) {
    return Answer.ok(
        to -> {
          to.text("id", reservation.hold().map(HeldCall::id).orElse(null)).beginObject("verdict");
          new Verdict(reservation.decision(), reach).write(to);
          to.endObject();
        });
  }
}
