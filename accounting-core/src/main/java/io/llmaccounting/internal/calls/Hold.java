package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.List;

/** A hold that knows which times of a record are ours. Safe for use by many threads. */
sealed interface Hold extends HeldCall permits HoldHandle, BlindHold {
  /** Books what the call consumed and gives the hold back. */
  Receipt settle(Usage actual, Given given);

  /** Grows to the first of {@code totals} that there is room for. */
  Grown grow(List<CallRequest> totals);

  @Override
  default Decision grow(CallRequest total) {
    return grow(List.of(total)).decision();
  }

  @Override
  default Receipt settle(Usage actual) {
    return settle(actual, Given.DURATIONS);
  }
}
