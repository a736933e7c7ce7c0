package io.llmaccounting.limit;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * What is done with a hold by whoever may not block: the same as by the methods of the same names
 * without Async, and what those throw the stages fail with. Cancelling a stage only ends the
 * waiting. Thread-safe.
 */
public interface AsyncHold {
  /** Raises what is held, see {@link HeldCall#grow}. */
  CompletionStage<Decision> growAsync(CallRequest total);

  /** Lets the hold live for its full time from now, see {@link HeldCall#renew}. */
  CompletionStage<Instant> renewAsync();

  /** Books what the call consumed and releases the hold, see {@link HeldCall#settle(Usage)}. */
  CompletionStage<Receipt> settleAsync(Usage actual);

  /**
   * Settles a call that succeeded with {@code answer}, see {@link HeldCall#settle(ModelAnswer)}.
   */
  CompletionStage<Receipt> settleAsync(ModelAnswer answer);

  /** Settles a call that succeeded, of whose answer only the tokens are known. */
  default CompletionStage<Receipt> settleAsync(TokenUsage tokens) {
    return settleAsync(ModelAnswer.of(tokens));
  }

  /** Gives back what is held, see {@link HeldCall#release}; the stage is completed with null. */
  CompletionStage<Void> releaseAsync();
}
