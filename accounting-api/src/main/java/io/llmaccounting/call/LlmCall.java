package io.llmaccounting.call;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.usage.UsageFields;
import java.util.function.Consumer;

/**
 * A call that was admitted and is under way, until one of its ends is told: {@link #succeeded},
 * {@link #failed}, {@link #cancelled}, or one of their twins that do not wait. Closing it without
 * an end gives its hold back and leaves a record with outcome UNFINISHED. Safe for use by many
 * threads.
 *
 * <p>An end without tokens is recorded with what is known. Tokens of the last {@link #progress} are
 * PARTIAL. Text that came since, see {@link #textSeen}, is added as an estimate; where neither
 * came, what was held for the call is the estimate: both are ESTIMATED. A call that failed before
 * anything of an answer came, or that nothing was held for, is MISSING.
 */
public interface LlmCall extends MeteredCall, CallEnds, AsyncCall, AutoCloseable {
  /** The request as it was admitted, completed from context and defaults. */
  CallRequest request();

  /** What was decided when the call was admitted: what remains, and warnings. */
  Decision.Admitted admission();

  /** True once an end was told, or it was closed. */
  boolean isEnded();

  @Override
  LlmCall describe(Consumer<UsageFields<?>> more);

  @Override
  LlmCall firstToken();

  /**
   * Gives the hold back and leaves an UNFINISHED record, unless an end was told. Throws nothing, so
   * that it hides neither an answer nor an exception: what fails is counted, logged and handed to
   * the error handler.
   */
  @Override
  void close();
}
