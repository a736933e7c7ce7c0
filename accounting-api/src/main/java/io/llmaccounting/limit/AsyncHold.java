package io.llmaccounting.limit;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The methods of a hold for callers that may not block. Each does what the method of the same name
 * without Async does, and its stage fails with what that method would throw. Cancelling a stage
 * only ends the waiting. Thread-safe.
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

  /** Settles a call that succeeded, where only the tokens of the answer are known. */
  default CompletionStage<Receipt> settleAsync(TokenUsage tokens) {
    return settleAsync(ModelAnswer.of(tokens));
  }

  /** Gives back what is held, see {@link HeldCall#release}; the stage is completed with null. */
  CompletionStage<Void> releaseAsync();

  /**
   * Says for which call room was held: its model, provider, operation and attribution, and its key.
   * A hold that was taken elsewhere is looked up; once it is gone, its record tells.
   *
   * @return empty where there is neither a hold nor a record of this id; the stage fails with a
   *     {@link io.llmaccounting.backend.BackendException} where that cannot be told
   */
  CompletionStage<Optional<CallRequest>> heldForAsync();
}
