package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Growth;
import io.llmaccounting.limit.Decision;
import java.util.List;

/** Raises what is kept for a call to the first of several totals that there is room for. */
abstract class GrowingOperation extends RoomOperation<Grown> {
  private final List<HoldRequest> wanted;

  /**
   * Grows what is kept to the first of {@code wanted} that there is room for.
   *
   * @param wanted at least one, all of the same call, from the most comfortable to what is needed
   */
  GrowingOperation(List<HoldRequest> wanted) {
    super(wanted.get(wanted.size() - 1));
    this.wanted = List.copyOf(wanted);
  }

  /**
   * What the call has now.
   *
   * @throws HoldGone if nothing is any more
   */
  abstract Growth growth(LedgerTransaction transaction);

  /** Keeps {@code total} instead of {@code held}. */
  abstract void grow(LedgerTransaction transaction, HoldRecord held, HoldRequest total);

  @Override
  final Grown ask(LedgerTransaction transaction) {
    Growth growth = growth(transaction);
    HoldRecord held = growth.held();
    int last = wanted.size() - 1;
    for (HoldRequest total : wanted.subList(0, last)) {
      if (decide(transaction, total, growth) instanceof Decision.Admitted admitted) {
        return grown(transaction, held, total, admitted);
      }
    }
    Decision decision = decideLeast(transaction, growth);
    return decision instanceof Decision.Admitted admitted
        ? grown(transaction, held, wanted.get(last), admitted)
        : new Grown(decision, null);
  }

  private Grown grown(
      LedgerTransaction transaction,
      HoldRecord held,
      HoldRequest total,
      Decision.Admitted admitted) {
    grow(transaction, held, total);
    return new Grown(admitted(transaction, admitted), total.expected());
  }
}
