package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Raises what a hold keeps to what is expected of the whole call now. */
public final class GrowOperation extends Operation<Grown> {
  private final List<HoldRequest> wanted;
  private final OwnRoom own = new OwnRoom();
  private List<Watch> watches = List.of();

  /**
   * Grows a hold to the first of {@code wanted} that there is room for.
   *
   * @param wanted at least one, all of the same call, from the most comfortable to what is needed
   */
  public GrowOperation(List<HoldRequest> wanted) {
    this.wanted = List.copyOf(wanted);
  }

  private HoldRequest least() {
    return wanted.get(wanted.size() - 1);
  }

  private UUID id() {
    return least().id();
  }

  @Override
  void claims(Consumer<Object> claim) {
    claim.accept(id());
  }

  @Override
  void match(LimitIndex limits) {
    watches =
        limits.watching(
            least().call().model(), least().call().provider(), least().call().attribution());
  }

  @Override
  void need(Needs needs) {
    needs.counters(watches);
    needs.readHold(id());
    own.need(needs, watches);
  }

  @Override
  Grown decide(LedgerTransaction transaction) {
    own.begin(transaction);
    HoldRecord hold = HoldGone.requireLive(transaction, id());
    for (HoldRequest total : wanted) {
      Decision decision = decided(transaction, total, hold);
      if (!decision.isAdmitted() && total.equals(least()) && own.giveBack(transaction)) {
        decision = decided(transaction, total, hold);
      }
      if (decision instanceof Decision.Admitted admitted) {
        return new Grown(grow(transaction, hold, total, admitted), total.expected());
      }
      if (total.equals(least())) {
        transaction.refused((Decision.Denied) decision);
        own.wish(transaction, watches, (Decision.Denied) decision);
        return new Grown(decision, null);
      }
    }
    throw new IllegalStateException("nothing was wanted for hold " + id());
  }

  private Decision decided(LedgerTransaction transaction, HoldRequest total, HoldRecord hold) {
    return Admission.decide(
        watches, transaction::counter, total.expected(), hold, transaction.now());
  }

  @Override
  void count(Grown booked, Meters meters) {
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

  private Decision grow(
      LedgerTransaction transaction,
      HoldRecord hold,
      HoldRequest total,
      Decision.Admitted admitted) {
    HoldRecord grown = HoldRecords.grown(hold, watches, total.expected());
    transaction.giveBack(hold);
    transaction.take(grown);
    transaction.write(grown);
    return new Decision.Admitted(
        Admission.statuses(watches, transaction::counter), admitted.warnings());
  }
}
