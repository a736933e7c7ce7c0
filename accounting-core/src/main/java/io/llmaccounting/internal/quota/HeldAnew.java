package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What holds keep on limits that are counted anew: what the limit would have taken for the call,
 * had it been there when the call was admitted; nothing where it does not watch the call.
 */
final class HeldAnew {
  private final LimitIndex limits;
  private final Set<Long> anew;

  HeldAnew(LimitIndex limits, Set<Long> anew) {
    this.limits = limits;
    this.anew = anew;
  }

  /** Every live hold, changed or not. */
  List<HoldRecord> of(LedgerSnapshot view) {
    return view.holds().stream()
        .filter(hold -> hold.expiresAt().isAfter(view.now()))
        .map(this::of)
        .toList();
  }

  private HoldRecord of(HoldRecord hold) {
    List<HoldRecord.Amount> amounts = new ArrayList<>(hold.amounts());
    amounts.removeIf(amount -> limits.byId(amount.counter().limitId()) == null);
    amounts.removeIf(amount -> anew.contains(amount.counter().limitId()));
    for (Watch watch : limits.watching(hold.model(), hold.provider(), hold.attribution())) {
      if (anew.contains(watch.counter().limitId())) {
        amounts.add(amount(hold, watch));
      }
    }
    return amounts.equals(hold.amounts()) ? hold : hold.holding(hold.expected(), amounts);
  }

  // what the hold keeps there already has perhaps grown, and is what will be given back
  private static HoldRecord.Amount amount(HoldRecord hold, Watch watch) {
    for (HoldRecord.Amount amount : hold.amounts()) {
      if (amount.counter().equals(watch.counter())) {
        return amount;
      }
    }
    return new HoldRecord.Amount(
        watch.counter(),
        Admission.amount(watch, Expectation.of(hold.expected())),
        new Leaving(watch.limit()).of(Leaving.toMicros(hold.admittedAt())));
  }
}
