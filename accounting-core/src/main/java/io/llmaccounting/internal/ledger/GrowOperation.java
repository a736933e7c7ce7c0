package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.util.List;
import java.util.function.Consumer;

/** Raises what a hold keeps to what is expected of the whole call now. */
public final class GrowOperation extends Operation<Decision> {
  private final HoldRequest total;
  private List<Watch> watches = List.of();

  /** Grows the hold of that id to {@code total}. */
  public GrowOperation(HoldRequest total) {
    this.total = total;
  }

  @Override
  void claims(Consumer<Object> claim) {
    claim.accept(total.id());
  }

  @Override
  void match(LimitIndex limits) {
    watches =
        limits.watching(total.call().model(), total.call().provider(), total.call().attribution());
  }

  @Override
  void need(Needs needs) {
    needs.counters(watches);
    needs.readHold(total.id());
  }

  @Override
  Decision decide(Booking booking) {
    HoldRecord hold = HoldGone.requireLive(booking, total.id());
    Decision decision =
        Admission.decide(watches, booking::counter, total.expected(), hold, booking.now());
    if (decision instanceof Decision.Denied denied) {
      booking.refused(denied, 1);
      return denied;
    }
    HoldRecord grown = Holds.grown(hold, watches, total.expected());
    booking.giveBack(hold);
    booking.take(grown);
    booking.write(grown);
    return new Decision.Admitted(
        Admission.statuses(watches, booking::counter), ((Decision.Admitted) decision).warnings());
  }
}
