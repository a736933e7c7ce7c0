package io.llmaccounting.health;

import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;

/**
 * Is told what happens. Every method does nothing unless overridden; what one throws is logged,
 * counted, and breaks nothing. {@link #alerted} and {@link #storeChanged} run on a thread of the
 * library, the others on the caller's.
 */
public interface AccountingListener {
  /** A call was recorded, or found to be recorded already. */
  default void recorded(Usage usage, Receipt receipt) {}

  /** A call was refused. */
  default void denied(CallRequest request, Decision.Denied denied) {}

  /**
   * Nobody said how a call ended: it was closed, or its hold has expired; {@code source} says what
   * is known. Of holds that have expired it is told on a thread of the library.
   */
  default void unfinished(Usage usage) {}

  /** A threshold was crossed; told at least once under the same id, on a thread of the library. */
  default void alerted(Alert alert) {}

  /**
   * The store is away, or back: told for every transition, in order.
   *
   * @param store OPEN while nothing is sent to it, CLOSED once it answers again
   */
  default void storeChanged(Health.Store store) {}
}
