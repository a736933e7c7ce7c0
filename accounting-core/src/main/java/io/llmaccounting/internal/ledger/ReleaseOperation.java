package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.LimitIndex;
import java.util.UUID;
import java.util.function.Consumer;

/** Gives back what a hold keeps; the outcome says whether there was one. */
public final class ReleaseOperation extends Operation<Boolean> {
  private final UUID id;

  /** Releases the hold of this id. */
  public ReleaseOperation(UUID id) {
    this.id = id;
  }

  @Override
  void claims(Consumer<Object> claim) {
    claim.accept(id);
  }

  @Override
  void match(LimitIndex limits) {}

  @Override
  void need(Needs needs) {
    needs.takenHold(id);
  }

  @Override
  Boolean decide(Booking booking) {
    HoldRecord hold = booking.hold(id);
    if (hold != null) {
      booking.giveBack(hold);
    }
    return hold != null;
  }
}
