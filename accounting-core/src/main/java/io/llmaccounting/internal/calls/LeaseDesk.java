package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Reservation;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls in from leases where every limit that may deny them is leased. Safe for use by many
 * threads.
 */
public final class LeaseDesk {
  private final LeaseRenewals renewals;
  private final CurrentLimits limits;
  private final Events events;
  private final HoldDesk holds;
  private final BooleanSupplier maySpend;

  /**
   * Lets calls in from the leases that {@code renewals} keep.
   *
   * @param holds serves holds that the ledger keeps
   * @param maySpend whether leases may be spent now: a record of what they let in will be kept
   */
  LeaseDesk(
      LeaseRenewals renewals,
      CurrentLimits limits,
      Events events,
      HoldDesk holds,
      BooleanSupplier maySpend) {
    this.renewals = renewals;
    this.limits = limits;
    this.events = events;
    this.holds = holds;
    this.maySpend = maySpend;
  }

  /** Lets a call in; null where the ledger is to be asked. */
  @Nullable Reservation admit(HoldRequest request) {
    if (!balances().isUsed() || !maySpend.getAsBoolean()) {
      return null;
    }
    List<Watch> watches = watching(request);
    if (!Balances.areAllLeased(watches)) {
      return null;
    }
    Balances.Taken taken =
        balances()
            .take(request.id(), request.call(), watches, request.expected(), request.livesMicros());
    renewals.askIfThirsty();
    if (taken == null) {
      return null;
    }
    Decision.Admitted admitted = new Decision.Admitted(taken.limits(), List.of());
    events.asked(request.call());
    events.admitted(request.id(), request.call(), admitted);
    return new Reservation(admitted, new LeasedHold(request, taken.call(), this, holds));
  }

  /** Notes that the ledger has let a call in. */
  void decided(HoldRequest request, Reservation reservation) {
    if (!reservation.decision().isAdmitted()) {
      return;
    }
    List<Watch> watches = watching(request);
    if (Balances.areAllLeased(watches)) {
      balances().decidedInLedger(watches, request.expected());
      renewals.start();
      renewals.askIfThirsty();
    }
  }

  /** The limits that watch a call, as they were last known. */
  List<Watch> watching(HoldRequest request) {
    LimitIndex index = limits.known();
    return index == null ? List.of() : CounterReader.watching(index, request.call());
  }

  /** The leases, and what is let in from them. */
  Balances balances() {
    return renewals.balances();
  }
}
