package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Leaving;
import io.llmaccounting.internal.quota.LimitIndex;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/** Lets a hold live for its full time from now. */
public final class RenewOperation extends Operation<Instant> {
  private final UUID id;

  /** Renews the hold of this id. */
  public RenewOperation(UUID id) {
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
    needs.readHold(id);
  }

  @Override
  Instant decide(Booking booking) {
    HoldRecord hold = HoldGone.requireLive(booking, id);
    Instant expires = Holds.expiry(Leaving.toMicros(booking.now()), hold.livesMicros());
    if (expires.isAfter(hold.expiresAt())) {
      HoldRecord renewed = hold.expiring(expires);
      booking.giveBack(hold);
      booking.take(renewed);
      booking.write(renewed);
      return expires;
    }
    return hold.expiresAt();
  }
}
