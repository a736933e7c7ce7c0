package io.llmaccounting.call;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.concurrent.CompletionStage;

/**
 * The methods of a call for callers that may not block. Each does what the method of the same name
 * without Async does, and its stage fails with what that method would throw. What the call is told
 * holds as soon as the method returns; the stage completes once it is stored. Cancelling a stage
 * only ends the waiting.
 */
public interface AsyncCall {
  /** Tells how far a streamed answer has come, see {@link MeteredCall#progress}. */
  CompletionStage<Decision> progressAsync(TokenUsage soFar);

  /** Tells how much text of a streamed answer has come, see {@link MeteredCall#textSeen}. */
  CompletionStage<Decision> textSeenAsync(long characters);

  /** The call succeeded and consumed {@code tokens}. */
  CompletionStage<Receipt> succeededAsync(TokenUsage tokens);

  /** The call succeeded; the answer says what it consumed, or that it does not tell. */
  CompletionStage<Receipt> succeededAsync(ModelAnswer answer);

  /** The call failed. What had come of the answer until then is booked. */
  CompletionStage<Receipt> failedAsync(Throwable error);

  /**
   * The caller gave up. What had come of the answer until then is booked; where nothing had come,
   * what was held is.
   */
  CompletionStage<Receipt> cancelledAsync();

  /** Closes the call, see {@link LlmCall#close}; the stage never fails. */
  CompletionStage<Void> closeAsync();
}
