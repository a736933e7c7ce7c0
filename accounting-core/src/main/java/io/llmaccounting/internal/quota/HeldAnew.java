package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.StoredLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Works out what holds keep on limits that are counted anew: the amount that the limit would have
 * taken for the call, had it been there when the call was admitted, and nothing where it does not
 * watch the call.
 */
final class HeldAnew {
  private final LimitIndex limits;
  private final Set<Long> anew;
  private final List<StoredLimit> all;

  HeldAnew(LimitIndex limits, Set<Long> anew, List<StoredLimit> all) {
    this.limits = limits;
    this.anew = anew;
    this.all = all;
  }

  /** Every live hold, changed or not. */
  List<HoldRecord> of(LedgerSnapshot view) {
    List<HoldRecord> live =
        view.holds().stream().filter(hold -> hold.expiresAt().isAfter(view.now())).toList();
    if (live.isEmpty()) {
      return live;
    }
    Set<Long> known = all.stream().map(StoredLimit::id).collect(Collectors.toSet());
    return live.stream().map(hold -> of(hold, known)).toList();
  }

  private HoldRecord of(HoldRecord hold, Set<Long> known) {
    List<HoldRecord.Amount> amounts = new ArrayList<>(hold.amounts());
    amounts.removeIf(amount -> !known.contains(amount.counter().limitId()));
    if (hold.lease() != null) {
      // a lease belongs to no call: it keeps its amount on its own counter
      return amounts.equals(hold.amounts()) ? hold : hold.holding(hold.expected(), amounts);
    }
    amounts.removeIf(amount -> anew.contains(amount.counter().limitId()));
    for (Watch watch : limits.watching(hold.model(), hold.provider(), hold.attribution())) {
      if (anew.contains(watch.counter().limitId())) {
        amounts.add(amount(hold, watch));
      }
    }
    return amounts.equals(hold.amounts()) ? hold : hold.holding(hold.expected(), amounts);
  }

  // the amount that the hold keeps there already stays: it has perhaps grown, and it is what will
  // be given back
  private static HoldRecord.Amount amount(HoldRecord hold, Watch watch) {
    for (HoldRecord.Amount amount : hold.amounts()) {
      if (amount.counter().equals(watch.counter())) {
        return amount;
      }
    }
    return new HoldRecord.Amount(
        watch.counter(),
        Admission.amount(watch, Expectation.of(hold.expected())),
        new WindowExit(watch.limit()).of(WindowExit.toMicros(hold.admittedAt())));
  }
}
