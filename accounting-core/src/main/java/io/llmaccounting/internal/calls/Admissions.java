package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.ReserveOperation;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Reservation;
import java.util.concurrent.CompletableFuture;

/** Lets calls in, and takes their holds. Safe for use by many threads. */
final class Admissions {
  private final QuotaParts parts;
  private final HoldDesk desk;

  /** Lets calls in with these parts; {@code desk} serves their holds. */
  Admissions(QuotaParts parts, HoldDesk desk) {
    this.parts = parts;
    this.desk = desk;
  }

  /** Completes the request and asks for a hold. */
  CompletableFuture<Reservation> reserve(Way way, CallRequest request) {
    return parts
        .requests()
        .completed(way, request)
        .thenCompose(
            call -> {
              Decision.Denied known = parts.denials().given(call);
              if (known == null) {
                return reserve(way, parts.requests().hold(call));
              }
              parts.events().asked(call);
              parts.events().denied(call, known);
              return CompletableFuture.completedFuture(new Reservation(known, null));
            });
  }

  /** Asks for a hold that is completed already. */
  CompletableFuture<Reservation> reserve(Way way, HoldRequest request) {
    parts.events().asked(request.call());
    return parts
        .denials()
        .decide(request, () -> ask(way, request))
        .thenApply(
            answer -> {
              tell(request, answer.decision());
              return answer;
            });
  }

  private void tell(HoldRequest request, Decision decision) {
    if (decision instanceof Decision.Admitted admitted) {
      parts.events().admitted(request.id(), request.call(), admitted);
    } else if (decision instanceof Decision.Denied denied) {
      parts.events().denied(request.call(), denied);
    }
  }

  private CompletableFuture<Reservation> ask(Way way, HoldRequest request) {
    ReserveOperation operation = new ReserveOperation(request);
    return HoldDesk.inOutageElse(
        way,
        way.book(operation)
            .thenApply(
                outcome ->
                    new Reservation(
                        outcome.decision(),
                        outcome.hold() == null ? null : new HoldHandle(request, desk))),
        away -> askBlindly(request, operation, away));
  }

  private Reservation askBlindly(
      HoldRequest request, ReserveOperation operation, BackendException away) {
    Decision decision = parts.outage().reserve(request, away);
    if (!decision.isAdmitted()) {
      // the ledger may yet take the hold, and nobody would end it
      parts.commits().withdraw(operation);
      return new Reservation(decision, null);
    }
    return new Reservation(decision, new BlindHold(request, operation.wasAttempted(), desk));
  }
}
