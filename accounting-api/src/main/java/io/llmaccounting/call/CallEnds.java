package io.llmaccounting.call;

import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.concurrent.CancellationException;

/**
 * The ends of a call; each returns once the call is recorded. An end with the figures that the
 * provider reported is final: telling another returns its receipt. Until then a later end replaces
 * poorer figures, also after the call was closed.
 */
public interface CallEnds {
  /** The call succeeded and consumed {@code tokens}. */
  Receipt succeeded(TokenUsage tokens);

  /** The call succeeded and consumed {@code tokens}, and the caller knows what it cost. */
  Receipt succeeded(TokenUsage tokens, Cost cost);

  /** The call succeeded; the answer says what it consumed, or that it does not tell. */
  Receipt succeeded(ModelAnswer answer);

  /** The call failed. What had come of the answer until then is booked. */
  Receipt failed(Throwable error);

  /** The call failed after consuming {@code tokens}. */
  Receipt failed(Throwable error, TokenUsage tokens);

  /**
   * The caller gave up. What had come of the answer until then is booked; where nothing had come,
   * what was held is.
   */
  Receipt cancelled();

  /**
   * Makes the call of the model itself, with this call in the {@link CallContext}: layers further
   * in that meter too find it and begin none of their own. What it throws ends this call as failed,
   * or as cancelled where that is a {@link CancellationException}, and is thrown on; the end of a
   * call that returns is still to be told.
   */
  <T, X extends Exception> T ask(ModelCall<T, X> call) throws X;
}
