package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.ReserveOperation;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Reservation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lets calls in, and takes their holds. Safe for use by many threads. */
final class Admissions {
  private final QuotaParts parts;
  private final HoldDesk desk;

  /** Lets calls in with these parts; {@code desk} serves their holds. */
  Admissions(QuotaParts parts, HoldDesk desk) {
    this.parts = parts;
    this.desk = desk;
  }

  /**
   * What was decided.
   *
   * @param untold what was asked, null where listeners have heard of it
   */
  record Decided(@Nullable HoldRequest untold, Reservation reservation) {}

  /** Completes the request and asks for a hold; listeners hear of it by {@link #told}. */
  CompletableFuture<Decided> decide(Way way, CallRequest request) {
    return parts
        .requests()
        .completed(way, request)
        .thenCompose(
            call -> {
              Decision.Denied known = parts.denials().given(call);
              if (known == null) {
                HoldRequest wanted = parts.requests().hold(call);
                return decide(way, wanted).thenApply(answer -> new Decided(wanted, answer));
              }
              parts.events().asked(call);
              parts.events().denied(call, known);
              return CompletableFuture.completedFuture(
                  new Decided(null, new Reservation(known, null)));
            });
  }

  /** Tells listeners what was decided, unless they know. */
  Reservation told(Decided decided) {
    if (decided.untold() != null) {
      tell(decided.untold(), decided.reservation().decision());
    }
    return decided.reservation();
  }

  /** Asks for a hold that is completed already, and leaves it to be told what was decided. */
  CompletableFuture<Reservation> decide(Way way, HoldRequest request) {
    parts.events().asked(request.call());
    return parts.denials().decide(request, () -> ask(way, request));
  }

  /** Tells listeners what was decided. */
  void tell(HoldRequest request, Decision decision) {
    if (decision instanceof Decision.Admitted admitted) {
      parts.events().admitted(request.id(), request.call(), admitted);
    } else if (decision instanceof Decision.Denied denied) {
      parts.events().denied(request.call(), denied);
    }
  }

  private CompletableFuture<Reservation> ask(Way way, HoldRequest request) {
    ReserveOperation operation = new ReserveOperation(request);
    return HoldDesk.inOutageElse(
            way.book(operation)
                .thenApply(
                    outcome ->
                        new Reservation(
                            outcome.decision(),
                            outcome.hold() == null ? null : new HoldHandle(request, desk))),
            away -> askBlindly(way, request, operation, away))
        .whenComplete(
            (decided, failure) -> {
              // the ledger may yet take the hold, and nobody would end it
              if (failure != null || !decided.decision().isAdmitted()) {
                parts.commits().withdraw(operation);
              }
            });
  }

  private CompletableFuture<Reservation> askBlindly(
      Way way, HoldRequest request, ReserveOperation operation, BackendException away) {
    return parts
        .outage()
        .reserve(way, request, away)
        .thenApply(
            decision ->
                new Reservation(
                    decision,
                    decision.isAdmitted()
                        ? new BlindHold(request, operation.wasAttempted(), desk)
                        : null));
  }
}
