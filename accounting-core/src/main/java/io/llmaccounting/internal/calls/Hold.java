package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A hold that knows which times of a record are ours. Safe for use by many threads. */
sealed interface Hold extends HeldCall permits HoldHandle, BlindHold {
  /** Books what the call consumed and gives the hold back. */
  Receipt settle(Usage actual, Given given);

  /**
   * Begins to renew; what is returned waits for when it expires now, and throws as renewing does.
   */
  Supplier<Instant> renewing();

  /** Grows to the first of {@code totals} that there is room for. */
  Grown grow(List<CallRequest> totals);

  @Override
  default Decision grow(CallRequest total) {
    return grow(List.of(total)).decision();
  }

  /**
   * What the call was let in for, with defaults.
   *
   * @throws BackendException if it has to be looked up and the store cannot be reached
   */
  Optional<CallRequest> heldFor();

  @Override
  default Receipt settle(Usage actual) {
    requireId(actual);
    Optional<CallRequest> held;
    try {
      held = heldFor();
    } catch (BackendException e) {
      if (!Breaker.isOutage(e)) {
        throw e;
      }
      held = Optional.empty();
    }
    return settle(
        held.map(call -> Attested.complete(actual, call)).orElse(actual), Given.DURATIONS);
  }

  @Override
  default Receipt settle(ModelAnswer answer) {
    CallRequest held =
        heldFor()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "hold %s was released, or never taken, so that nothing tells which call it"
                                .formatted(id())
                            + " was: settle it with a whole Usage"));
    CallRecord record = CallRecord.of(id(), UsageId.timeOf(id()), held).answer(answer);
    return settle(record.build(), record.given());
  }

  private void requireId(Usage actual) {
    if (!actual.id().equals(id())) {
      throw new IllegalArgumentException(
          "id of the settled record must be that of its hold, %s, was %s"
              .formatted(id(), actual.id()));
    }
  }
}
