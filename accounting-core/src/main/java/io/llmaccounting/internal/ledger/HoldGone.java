package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import java.util.UUID;

/** A hold that should be live is not. This fails one operation; the rest of its batch goes on. */
public final class HoldGone extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private HoldGone(String message) {
    super(message);
  }

  /** The failure where the lease that a call was let in from is gone. */
  static HoldGone ofLease(UUID call) {
    return new HoldGone(
        "the lease that call %s was let in from has ended; settle what was consumed"
            .formatted(call));
  }

  /** Returns the live hold with this id, or throws this exception. */
  static HoldRecord requireLive(LedgerTransaction transaction, UUID id) {
    HoldRecord hold = transaction.hold(id);
    if (hold == null) {
      throw new HoldGone(
          "hold %s is settled, released or was never taken; reserve anew".formatted(id));
    }
    if (!transaction.now().isBefore(hold.expiresAt())) {
      throw new HoldGone(
          "hold %s expired at %s; settle what was consumed, or reserve anew"
              .formatted(id, hold.expiresAt()));
    }
    return hold;
  }
}
