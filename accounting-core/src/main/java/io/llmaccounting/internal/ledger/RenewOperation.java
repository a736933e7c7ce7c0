package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Leaving;
import java.time.Instant;
import java.util.UUID;

/** Lets a hold live for its full time from now. */
public final class RenewOperation extends HoldOperation<Instant> {
  /** Renews the hold of this id. */
  public RenewOperation(UUID id) {
    super(id);
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
