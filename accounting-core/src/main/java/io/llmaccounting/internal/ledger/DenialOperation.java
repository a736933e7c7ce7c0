package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.Decision;
import java.util.function.Consumer;

/** Counts denials that were answered from memory. */
public final class DenialOperation extends Operation<Long> {
  private final Decision.Denied denied;
  private final long times;

  /** Counts {@code denied} so many times. */
  public DenialOperation(Decision.Denied denied, long times) {
    this.denied = denied;
    this.times = times;
  }

  @Override
  void claims(Consumer<Object> claim) {}

  @Override
  void match(LimitIndex limits) {}

  @Override
  void need(Needs needs) {}

  @Override
  Long decide(Booking booking) {
    booking.refused(denied, times);
    return times;
  }
}
