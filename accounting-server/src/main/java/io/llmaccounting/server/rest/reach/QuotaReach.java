package io.llmaccounting.server.rest.reach;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** What a key reaches of limits. Safe for use by many threads. */
public final class QuotaReach {
  private final QuotaService quotas;
  private final Confinement confinement;

  QuotaReach(QuotaService quotas, Confinement confinement) {
    this.quotas = quotas;
    this.confinement = confinement;
  }

  /** Asks whether the call would be admitted now. */
  public CompletionStage<Decision> check(CallRequest request) {
    return quotas.checkAsync(confined(request));
  }

  /** How all limits that watch the call stand; reads the store, and waits for it. */
  public List<LimitStatus> status(CallRequest request) {
    return quotas.status(confined(request)).stream().filter(this::sees).toList();
  }

  /** Asks, and holds what the call expects where it is admitted. */
  public CompletionStage<Reservation> reserve(CallRequest request) {
    return quotas.reserveAsync(confined(request));
  }

  /**
   * What is held under this id, or was until its record was made. The stage fails with an {@link
   * UnknownHoldException} where there is none that the caller may reach.
   */
  public CompletionStage<HeldCall> hold(UUID id) {
    return find(id).thenApply(Found::hold);
  }

  /**
   * Raises what is held under this id to {@code total}, and never lowers it. The stage fails as
   * that of {@link #hold} does, and where {@code total} is of another call than the one that is
   * held.
   */
  public CompletionStage<Decision> grow(UUID id, CallRequest total) {
    CallRequest own = confined(total);
    return find(id)
        .thenCompose(found -> found.hold().growAsync(new SameCall(found.call()).complete(own)));
  }

  private record Found(HeldCall hold, CallRequest call) {}

  private CompletionStage<Found> find(UUID id) {
    HeldCall held = quotas.hold(id);
    return held.heldForAsync()
        .thenApply(
            call -> {
              if (call.isEmpty() || !confinement.isOwn(call.get().attribution().project())) {
                throw new UnknownHoldException(id);
              }
              return new Found(held, call.get());
            });
  }

  boolean isConfined() {
    return confinement.project() != null;
  }

  void requireWhole() {
    confinement.requireWhole();
  }

  /** The same call, in the project that the key is confined to. */
  CallRequest confined(CallRequest request) {
    return request.project(confinement.require(request.attribution().project(), "/project"));
  }

  /** Whether the key may see how this limit stands: others' usage may be counted there. */
  public boolean sees(LimitStatus status) {
    return sees(status.limit());
  }

  /** Whether the key may see this limit. */
  boolean sees(Limit limit) {
    String project = confinement.project();
    return project == null || Match.is(project).equals(limit.who().get(Dimension.PROJECT));
  }
}
