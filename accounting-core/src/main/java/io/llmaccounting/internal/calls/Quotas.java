package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Staged;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Reservation;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Answers from the ledger. Safe for use by many threads. */
public final class Quotas implements QuotaService {
  private final QuotaParts parts;
  private final HoldDesk desk;
  private final Admissions admissions;
  private final QuotaViews views;

  /** Answers with these parts. */
  public Quotas(QuotaParts parts) {
    this.parts = parts;
    this.desk = new HoldDesk(parts);
    this.admissions = new Admissions(parts, desk);
    this.views = new QuotaViews(parts);
  }

  @Override
  public Decision check(CallRequest request) {
    return Stages.join(views.check(desk.waiting(), request));
  }

  @Override
  public CompletionStage<Decision> checkAsync(CallRequest request) {
    Staged way = parts.commits().staged();
    return way.promise(() -> views.check(way, request), decision -> decision, decision -> {});
  }

  @Override
  public Reservation reserve(CallRequest request) {
    return admissions.told(Stages.join(admissions.decide(desk.waiting(), request)));
  }

  @Override
  public CompletionStage<Reservation> reserveAsync(CallRequest request) {
    Staged way = parts.commits().staged();
    return way.promise(
        () -> admissions.decide(way, request),
        admissions::told,
        unclaimed -> unclaimed.reservation().hold().ifPresent(hold -> ((Hold) hold).withdraw()));
  }

  /** Asks for a hold that is completed already, and leaves it to be told what was decided. */
  CompletableFuture<Reservation> decide(Way way, HoldRequest request) {
    return admissions.decide(way, request);
  }

  /** Tells listeners what was decided. */
  void tell(HoldRequest request, Decision decision) {
    admissions.tell(request, decision);
  }

  /** The group commit that all books go through. */
  GroupCommit commits() {
    return parts.commits();
  }

  /**
   * Lets calls in from leases.
   *
   * @param maySpend whether leases may be spent now: a record of what they let in will be kept
   */
  public LeaseDesk leases(LeaseRenewals renewals, CurrentLimits limits, BooleanSupplier maySpend) {
    return new LeaseDesk(renewals, limits, parts.events(), desk, maySpend);
  }

  /** Completes what is asked. */
  CallRequests requests() {
    return parts.requests();
  }

  /** Counts the denials that were answered from memory. */
  CompletableFuture<Void> countDenials(Way way) {
    return parts.denials().count(way);
  }

  /** How many of them may not have been counted. */
  long uncountedDenials() {
    return parts.denials().uncounted();
  }

  @Override
  public HeldCall hold(UUID id) {
    return new HoldHandle(id, desk);
  }

  @Override
  public List<LimitStatus> status(CallRequest request) {
    return views.status(request);
  }

  @Override
  public Explanation explain(CallRequest request) {
    return views.explain(request);
  }
}
