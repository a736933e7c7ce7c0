package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import java.util.UUID;

/** Gives back what a hold keeps; the outcome says whether there was one. */
public final class ReleaseOperation extends HoldOperation<Boolean> {
  private static final int MOST_ATTEMPTS = 20;

  private final boolean undoes;
  private int failed;

  /** Releases the hold of this id. */
  public ReleaseOperation(UUID id) {
    this(id, false);
  }

  private ReleaseOperation(UUID id, boolean undoes) {
    super(id);
    this.undoes = undoes;
  }

  /**
   * Releases a hold whose caller was told that there is none: nobody waits for that, so that it may
   * wait for a store that is away. A hold that cannot be released in 20 attempts is left to expire.
   */
  static ReleaseOperation undoing(UUID id) {
    return new ReleaseOperation(id, true);
  }

  @Override
  boolean outlastsOutages() {
    return undoes;
  }

  @Override
  boolean isAwaited() {
    return !undoes;
  }

  @Override
  void attemptFailed(boolean mayBeBooked) {
    failed++;
    if (undoes && failed == MOST_ATTEMPTS) {
      giveUp();
    }
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
