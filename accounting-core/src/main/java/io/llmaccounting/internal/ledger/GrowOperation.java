package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
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
  }

  @Override
  Grown decide(LedgerTransaction transaction) {
    HoldRecord hold = HoldGone.requireLive(transaction, id());
    for (HoldRequest total : wanted) {
      Decision decision =
          Admission.decide(
              watches, transaction::counter, total.expected(), hold, transaction.now());
      if (decision instanceof Decision.Admitted admitted) {
        return new Grown(grow(transaction, hold, total, admitted), total.expected());
      }
      if (total.equals(least())) {
        transaction.refused((Decision.Denied) decision);
        return new Grown(decision, null);
      }
    }
    throw new IllegalStateException("nothing was wanted for hold " + id());
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
