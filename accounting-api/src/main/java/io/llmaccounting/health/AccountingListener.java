package io.llmaccounting.health;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.usage.Usage;

/**
 * Is told what happens: how calls go, and what concerns all of them. Every method does nothing
 * unless overridden; what one throws is logged, counted, and breaks nothing. {@link #alerted} and
 * {@link #storeChanged} run on a thread of the library.
 */
public interface AccountingListener extends CallListener {
  /**
   * Nobody said how a call ended: it was closed, or its hold has expired; {@code source} says what
   * is known. For a hold that has expired, this runs on a thread of the library.
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
