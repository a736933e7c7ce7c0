package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A call that was let through while the store was away: the ledger holds nothing for it, and learns
 * of it when it ends. Safe for use by many threads.
 */
final class BlindHold extends Hold {
  private final HoldRequest taken;
  private final boolean mayBeHeld;

  /**
   * A call that was let in for {@code taken}.
   *
   * @param mayBeHeld whether the ledger was asked, and may have taken a hold without telling
   */
  BlindHold(HoldRequest taken, boolean mayBeHeld, HoldDesk desk) {
    super(taken.id(), taken.expected(), desk);
    this.taken = taken;
    this.mayBeHeld = mayBeHeld;
  }

  @Override
  CompletableFuture<Grown> grow(Way way, List<CallRequest> totals) {
    List<HoldRequest> wanted = desk.growing(id(), totals, taken.call());
    // what open limits let through is asked of the spool
    return takes.take(way, held -> desk.growBlindly(way, wanted, held));
  }

  @Override
  CompletableFuture<Instant> renew(Way way) {
    Instant expires = desk.now().plus(taken.livesMicros(), ChronoUnit.MICROS);
    desk.outage().renewed(id(), expires);
    return CompletableFuture.completedFuture(expires);
  }

  @Override
  CompletableFuture<Receipt> book(Way way, Usage actual, Given given) {
    return desk.recorder().settle(way, actual, given, mayBeHeld);
  }

  @Override
  CompletableFuture<Optional<CallRequest>> heldFor(Way way) {
    return CompletableFuture.completedFuture(Optional.of(taken.call()));
  }

  @Override
  CompletableFuture<Boolean> giveBack(Way way) {
    desk.outage().released(id());
    return mayBeHeld
        ? new HoldHandle(id(), desk).release(way)
        : CompletableFuture.completedFuture(true);
  }
}
