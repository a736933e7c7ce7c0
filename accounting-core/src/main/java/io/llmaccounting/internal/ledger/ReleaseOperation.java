package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import java.util.UUID;

/** Gives back what a hold keeps; the outcome says whether there was one. */
public final class ReleaseOperation extends HoldOperation<Boolean> {
  /** Releases the hold of this id. */
  public ReleaseOperation(UUID id) {
    super(id);
  }

  @Override
  void need(Needs needs) {
    needs.takenHold(id);
  }

  @Override
  Boolean decide(LedgerTransaction transaction) {
    HoldRecord hold = transaction.hold(id);
    if (hold != null) {
      transaction.giveBack(hold);
    }
    return hold != null;
  }
}
