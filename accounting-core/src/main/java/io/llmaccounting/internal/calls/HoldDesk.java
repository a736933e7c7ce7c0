package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.ledger.GrowOperation;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Operation;
import io.llmaccounting.internal.ledger.Staged;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.outage.OutageAdmission;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.HeldFigures;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves the holds of calls under way. Safe for use by many threads. */
final class HoldDesk {
  private final QuotaParts parts;
  private final Way waiting;

  /** Serves holds with these parts. */
  HoldDesk(QuotaParts parts) {
    this.parts = parts;
    this.waiting = parts.commits().waiting();
  }

  /** Returns the way of working for callers that wait. */
  Way waiting() {
    return waiting;
  }

  /** Returns the way of working for a caller that does not wait. */
  Staged staged() {
    return parts.commits().staged();
  }

  /** Prices and books records. */
  Recorder recorder() {
    return parts.recorder();
  }

  /** Decides while the store is away. */
  OutageAdmission outage() {
    return parts.outage();
  }

  /** The caller's clock. */
  Instant now() {
    return parts.requests().now();
  }

  /**
   * Says what to do where prices fail: the failure is contained, and where the caller stated all
   * that is held, that gives the cost.
   *
   * @param held what is held, null where that is not known
   */
  Unpriced unpriced(@Nullable Expectation held) {
    PricedCost stated =
        held != null && held.guess().equals(Expectation.Guess.NOTHING)
            ? HeldFigures.of(held, List.of()).cost()
            : null;
    return new Unpriced(
        stated, failed -> parts.failures().containClosing(Consequence.NOT_PRICED, failed));
  }

  /** Tells listeners of a record that a hold was settled with. */
  void recorded(Usage usage, Receipt receipt) {
    parts.events().recorded(usage, receipt);
  }

  /** Counts keys of an answer that were not understood. */
  void unread(List<String> keys) {
    parts.events().unread(keys);
  }

  /** Tells that the hold of a caller who has given up stays, unless it was given back. */
  void withdrawn(@Nullable Throwable failure) {
    if (failure != null) {
      parts
          .failures()
          .contain(
              Consequence.NOT_SETTLED,
              "the hold of a call that was given up could not be given back and stays until it"
                  + " expires",
              Failures.of(Stages.reason(failure)));
    }
  }

  /** Has remembered denials forgotten, because something was given back. */
  void roomMayBeFree() {
    parts.denials().forget();
  }

  /**
   * Makes requests for the sizes that a call under way may grow to.
   *
   * @param held what it was let in for, null where that is not known
   */
  List<HoldRequest> growing(UUID id, List<CallRequest> totals, @Nullable CallRequest held) {
    return parts.requests().growing(id, totals, held);
  }

  /**
   * Asks for more room for a call under way.
   *
   * @param wanted from the most comfortable size to the one that is needed
   * @param takes what it takes while the store is away
   */
  CompletableFuture<Grown> grow(Way way, List<HoldRequest> wanted, OpenTakes takes) {
    return grow(way, wanted, new GrowOperation(wanted), takes);
  }

  /** Asks for more room by this operation. */
  CompletableFuture<Grown> grow(
      Way way, List<HoldRequest> wanted, Operation<Grown> growth, OpenTakes takes) {
    return way.book(growth)
        .thenApply(grown -> takes.noted(grown.of(wanted.get(0).call())))
        .exceptionallyCompose(
            failure -> {
              BackendException away = OutageCheck.require(Stages.thrown(failure));
              return takes.take(way, held -> growInOutage(way, wanted, held, away));
            });
  }

  /** Hands on the outcome of {@code asked}; where the store is away, that of {@code instead}. */
  static <T> CompletableFuture<T> inOutageElse(
      CompletableFuture<T> asked, Function<BackendException, CompletableFuture<T>> instead) {
    return asked.exceptionallyCompose(
        failure -> instead.apply(OutageCheck.require(Stages.thrown(failure))));
  }

  /** Asks for more room for a call that the ledger holds nothing for. */
  CompletableFuture<Grown> growBlindly(
      Way way, List<HoldRequest> wanted, @Nullable Expectation held) {
    return growInOutage(way, wanted, held, parts.outage().refusal());
  }

  private CompletableFuture<Grown> growInOutage(
      Way way, List<HoldRequest> wanted, @Nullable Expectation held, BackendException away) {
    HoldRequest total = wanted.get(0);
    List<HoldRequest> smaller = wanted.subList(1, wanted.size());
    return parts
        .outage()
        .grow(way, total, held, away)
        .thenCompose(
            decision ->
                decision.isAdmitted() || smaller.isEmpty()
                    ? CompletableFuture.completedFuture(
                        new Grown(decision, decision.isAdmitted() ? total.expected() : null))
                    : growInOutage(way, smaller, held, away))
        .thenApply(grown -> grown.of(total.call()));
  }

  /** Tells listeners of a denial; called where no other caller waits for them. */
  Decision told(Grown grown) {
    CallRequest refused = grown.refused();
    if (refused != null && grown.decision() instanceof Decision.Denied denied) {
      parts.events().denied(refused, denied);
    }
    return grown.decision();
  }
}
