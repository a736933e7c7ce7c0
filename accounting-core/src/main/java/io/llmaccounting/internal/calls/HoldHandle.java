package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.LookUpOperation;
import io.llmaccounting.internal.ledger.ReleaseOperation;
import io.llmaccounting.internal.ledger.RenewOperation;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hold, known by its id. Safe for use by many threads. */
final class HoldHandle extends Hold {
  private static final Logger LOG = LoggerFactory.getLogger(HoldHandle.class);

  private final @Nullable CallRequest call;

  /** The hold that was taken for {@code taken}. */
  HoldHandle(HoldRequest taken, HoldDesk desk) {
    super(taken.id(), taken.expected(), desk);
    this.call = taken.call();
  }

  /** A hold of which nothing is known here but its id. */
  HoldHandle(UUID id, HoldDesk desk) {
    super(id, null, desk);
    this.call = null;
  }

  @Override
  CompletableFuture<Grown> grow(Way way, List<CallRequest> totals) {
    return desk.grow(way, desk.growing(id(), totals, call), takes);
  }

  @Override
  CompletableFuture<Instant> renew(Way way) {
    return way.book(new RenewOperation(id()));
  }

  @Override
  CompletableFuture<Receipt> book(Way way, Usage actual, Given given) {
    return Stages.of(() -> desk.recorder().settle(way, actual, given, true))
        // room is free also where the record is refused: the hold is given back all the same
        .whenComplete((receipt, error) -> desk.roomMayBeFree());
  }

  @Override
  CompletableFuture<Optional<CallRequest>> heldFor(Way way) {
    return call != null
        ? CompletableFuture.completedFuture(Optional.of(call))
        : way.book(new LookUpOperation(id()));
  }

  @Override
  CompletableFuture<Boolean> giveBack(Way way) {
    // what it grew by in an outage is free at once; what the ledger holds is when it can be told
    desk.outage().released(id());
    return way.book(new ReleaseOperation(id()))
        .exceptionally(
            error -> {
              BackendException away = OutageCheck.require(Stages.thrown(error));
              LOG.debug("hold {} is left to expire by itself: the store is away", id(), away);
              return false;
            })
        .thenApply(
            released -> {
              desk.roomMayBeFree();
              return released;
            });
  }
}
