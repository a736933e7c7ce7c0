package io.llmaccounting.call;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.concurrent.CompletionStage;

/**
 * What a call is told by whoever may not block: the same as by the methods of the same names
 * without Async, and what those throw the stages fail with. What is told holds when the method
 * returns; the stage says that it is stored. Cancelling a stage only ends the waiting.
 */
public interface AsyncCall {
  /** A streamed answer has come so far, see {@link MeteredCall#progress}. */
  CompletionStage<Decision> progressAsync(TokenUsage soFar);

  /** Text of a streamed answer has come so far, see {@link MeteredCall#textSeen}. */
  CompletionStage<Decision> textSeenAsync(long characters);

  /** The call succeeded and consumed {@code tokens}. */
  CompletionStage<Receipt> succeededAsync(TokenUsage tokens);

  /** The call succeeded; the answer says what it consumed, or that it does not tell. */
  CompletionStage<Receipt> succeededAsync(ModelAnswer answer);

  /** The call failed. What had come of an answer until then is booked. */
  CompletionStage<Receipt> failedAsync(Throwable error);

  /** The caller gave up. What had come until then is booked, else what was held. */
  CompletionStage<Receipt> cancelledAsync();

  /** Closes the call, see {@link LlmCall#close}; the stage never fails. */
  CompletionStage<Void> closeAsync();
}
