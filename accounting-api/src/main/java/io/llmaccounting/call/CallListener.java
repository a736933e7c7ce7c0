package io.llmaccounting.call;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.UUID;

/**
 * Is told how calls go, from the question whether they may be made to the record. Every method does
 * nothing unless overridden; what one throws is logged, counted, and breaks nothing. All run on the
 * thread of whoever tells the library, or on one that completes its stages: they must not block,
 * nor end the call that they are told of.
 */
public interface CallListener {
  /**
   * It is asked whether a call may be made.
   *
   * @param request the request, completed from context and defaults; {@link #admitted} and {@link
   *     #denied} are told of the same object
   */
  default void asked(CallRequest request) {}

  /** A call was admitted: it is under way, under the id that its record will have. */
  default void admitted(UUID id, CallRequest request, Decision.Admitted admission) {}

  /** A call was refused, or a call under way was refused more room. */
  default void denied(CallRequest request, Decision.Denied denied) {}

  /** The first token of a call's answer has arrived. */
  default void firstToken(UUID id, CallRequest request) {}

  /** An end of a call was told, or better figures of one; it is about to be recorded. */
  default void ended(Usage usage) {}

  /** A call was recorded, or found to be recorded already. */
  default void recorded(Usage usage, Receipt receipt) {}

  /**
   * Figures came late: the call was recorded before with poorer ones, and these count from now on.
   * Told after {@link #recorded}.
   */
  default void late(Usage usage, Receipt receipt) {}
}
