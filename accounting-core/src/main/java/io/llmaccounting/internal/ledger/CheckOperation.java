package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.Decision;
import java.util.List;
import java.util.function.Consumer;

/** Asks whether a call would be admitted. Writes nothing. */
public final class CheckOperation extends Operation<Decision> {
  private final HoldRequest request;
  private List<Watch> watches = List.of();

  /** Asks for {@code request}. */
  public CheckOperation(HoldRequest request) {
    this.request = request;
  }

  @Override
  void claims(Consumer<Object> claim) {}

  @Override
  void match(LimitIndex limits) {
    watches =
        limits.watching(
            request.call().model(), request.call().provider(), request.call().attribution());
  }

  @Override
  void need(Needs needs) {
    needs.counters(watches);
  }

  @Override
  Decision decide(Booking booking) {
    return watches.isEmpty()
        ? new Decision.Admitted(List.of(), List.of())
        : Admission.decide(watches, booking::counter, request.expected(), null, booking.now());
  }
}
