package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;

/** A hold that knows which times of a record are ours. Safe for use by many threads. */
sealed interface Hold extends HeldCall permits HoldHandle, BlindHold {
  /** Books what the call consumed and gives the hold back. */
  Receipt settle(Usage actual, Given given);

  @Override
  default Receipt settle(Usage actual) {
    return settle(actual, Given.DURATIONS);
  }
}
