package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.WindowExit;
import java.time.Instant;
import java.util.UUID;

/** Lets a hold live for its full time from now. */
public final class RenewOperation extends HoldOperation<Instant> {
  /** Renews the hold of this id. */
  public RenewOperation(UUID id) {
    super(id);
  }

  @Override
  Instant decide(LedgerTransaction transaction) {
    HoldRecord hold = HoldGone.requireLive(transaction, id);
    Instant expires =
        HoldRecords.expiry(WindowExit.toMicros(transaction.now()), hold.livesMicros());
    if (expires.isAfter(hold.expiresAt())) {
      HoldRecord renewed = hold.expiring(expires);
      transaction.giveBack(hold);
      transaction.take(renewed);
      transaction.write(renewed);
      return expires;
    }
    return hold.expiresAt();
  }
}
