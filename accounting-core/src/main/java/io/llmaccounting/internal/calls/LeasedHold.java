package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.GrowLeasedOperation;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A call that was let in from leases of this process: the ledger holds it as a part of them, and
 * learns of it when it ends. Safe for use by many threads.
 */
final class LeasedHold extends Hold {
  private final CallRequest call;
  private final LeasedCall leased;
  private final LeaseDesk leases;

  LeasedHold(HoldRequest taken, LeasedCall leased, LeaseDesk leases, HoldDesk desk) {
    super(taken.id(), taken.expected(), desk);
    this.call = taken.call();
    this.leased = leased;
    this.leases = leases;
  }

  @Override
  CompletableFuture<Grown> grow(Way way, List<CallRequest> totals) {
    List<HoldRequest> wanted = desk.growing(id(), totals, call);
    for (HoldRequest total : wanted) {
      if (leased.grow(leases.watching(total), total.expected())) {
        return CompletableFuture.completedFuture(
            takes.noted(new Grown(new Decision.Admitted(List.of(), List.of()), total.expected())));
      }
    }
    return desk.grow(way, wanted, new GrowLeasedOperation(wanted, leased), takes);
  }

  @Override
  CompletableFuture<Instant> renew(Way way) {
    return CompletableFuture.completedFuture(desk.now().plus(leased.renew(), ChronoUnit.MICROS));
  }

  @Override
  CompletableFuture<Receipt> book(Way way, Usage actual, Given given) {
    return Stages.of(() -> desk.recorder().settle(way, actual, given, leased))
        .whenComplete((receipt, error) -> desk.roomMayBeFree());
  }

  @Override
  CompletableFuture<Optional<CallRequest>> heldFor(Way way) {
    return CompletableFuture.completedFuture(Optional.of(call));
  }

  @Override
  CompletableFuture<Boolean> giveBack(Way way) {
    // what it grew by in an outage
    desk.outage().released(id());
    return CompletableFuture.completedFuture(leases.balances().release(leased));
  }
}
