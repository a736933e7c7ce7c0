package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Growth;
import java.util.List;

/** Raises what a hold keeps to what is expected of the whole call now. */
public final class GrowOperation extends GrowingOperation {
  /**
   * Grows a hold to the first of {@code wanted} that there is room for.
   *
   * @param wanted at least one, all of the same call, from the most comfortable to what is needed
   */
  public GrowOperation(List<HoldRequest> wanted) {
    super(wanted);
  }

  @Override
  void needHolds(Needs needs) {
    needs.readHold(id());
  }

  @Override
  Growth growth(LedgerTransaction transaction) {
    return Growth.of(HoldGone.requireLive(transaction, id()));
  }

  @Override
  void grow(LedgerTransaction transaction, HoldRecord held, HoldRequest total) {
    HoldRecord grown = HoldRecords.grown(held, watches(), total.expected());
    transaction.giveBack(held);
    transaction.take(grown);
    transaction.write(grown);
  }
}
