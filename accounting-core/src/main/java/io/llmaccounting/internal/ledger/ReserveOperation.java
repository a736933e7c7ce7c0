package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks whether a call may go ahead, and holds what it expects if it may. */
public final class ReserveOperation extends Operation<ReserveOperation.Outcome> {
  private final HoldRequest request;
  private final OwnRoom own = new OwnRoom();
  private List<Watch> watches = List.of();

  /**
   * What was decided.
   *
   * @param decision admitted or denied
   * @param hold what is held, null when denied
   */
  public record Outcome(Decision decision, @Nullable HoldRecord hold) {}

  /** Asks for {@code request}. */
  public ReserveOperation(HoldRequest request) {
    this.request = request;
  }

  @Override
  void claims(Consumer<Object> claim) {
    claim.accept(request.id());
  }

  @Override
  void match(LimitIndex limits) {
    watches =
        limits.watching(
            request.call().model(), request.call().provider(), request.call().attribution());
  }

  @Override
  void need(Needs needs) {
    needs.counters(watches);
    own.need(needs, watches);
    // there only if an attempt before this one was committed without our knowing
    if (wasAttempted()) {
      needs.readHold(request.id());
    }
  }

  @Override
  @Nullable Operation<?> undoing(Outcome booked) {
    return booked.hold() == null ? null : new ReleaseOperation(request.id());
  }

  @Override
  Outcome decide(LedgerTransaction transaction) {
    own.begin(transaction);
    HoldRecord committedBefore = transaction.hold(request.id());
    if (committedBefore != null) {
      return new Outcome(
          new Decision.Admitted(Admission.statuses(watches, transaction::counter), List.of()),
          committedBefore);
    }
    Decision decision = decided(transaction);
    if (!decision.isAdmitted() && own.giveBack(transaction)) {
      decision = decided(transaction);
    }
    if (decision instanceof Decision.Admitted admitted) {
      HoldRecord hold = HoldRecords.of(request, watches, transaction);
      transaction.take(hold);
      transaction.write(hold);
      return new Outcome(
          new Decision.Admitted(
              Admission.statuses(watches, transaction::counter), admitted.warnings()),
          hold);
    }
    transaction.refused((Decision.Denied) decision);
    own.wish(transaction, watches, (Decision.Denied) decision);
    return new Outcome(decision, null);
  }

  private Decision decided(LedgerTransaction transaction) {
    return Admission.decide(
        watches, transaction::counter, request.expected(), null, transaction.now());
  }

  @Override
  void count(Outcome booked, Meters meters) {
    own.over();
  }

  @Override
  void attemptFailed(boolean mayBeBooked) {
    own.attemptFailed(mayBeBooked);
  }

  @Override
  void abandoned() {
    own.over();
  }
}
