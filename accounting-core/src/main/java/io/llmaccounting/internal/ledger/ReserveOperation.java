package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.limit.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks whether a call may go ahead, and holds what it expects if it may. */
public final class ReserveOperation extends RoomOperation<ReserveOperation.Outcome> {
  private final HoldRequest request;

  /**
   * What was decided.
   *
   * @param decision admitted or denied
   * @param hold what is held, null when denied
   */
  public record Outcome(Decision decision, @Nullable HoldRecord hold) {}

  /** Asks for {@code request}. */
  public ReserveOperation(HoldRequest request) {
    super(request);
    this.request = request;
  }

  @Override
  void needHolds(Needs needs) {
    // the hold is there only if an earlier attempt was committed without our knowing
    if (wasAttempted()) {
      needs.readHold(id());
    }
  }

  @Override
  @Nullable Operation<?> undoing(Outcome booked) {
    return booked.hold() == null ? null : undoingIfBooked();
  }

  @Override
  Operation<?> undoingIfBooked() {
    return ReleaseOperation.undoing(id());
  }

  @Override
  Outcome ask(LedgerTransaction transaction) {
    HoldRecord committedBefore = transaction.hold(id());
    if (committedBefore != null) {
      return new Outcome(
          new Decision.Admitted(Admission.statuses(watches(), transaction::counter), List.of()),
          committedBefore);
    }
    Decision decision = decideLeast(transaction, null);
    if (decision instanceof Decision.Admitted admitted) {
      HoldRecord hold = HoldRecords.of(request, watches(), transaction);
      transaction.take(hold);
      transaction.write(hold);
      return new Outcome(admitted(transaction, admitted), hold);
    }
    return new Outcome(decision, null);
  }
}
