package io.llmaccounting.call;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Lets calls of models begin and records them: all that an adapter needs of an accounting. Safe for
 * use by many threads.
 *
 * <p>What a request or record leaves open of its attribution is taken from the innermost open
 * {@link CallContext}, then from the defaults of the meter.
 *
 * <p>Callers that may not block use the methods that return a stage. What they chain to a stage
 * never runs on a thread that others wait for.
 */
public interface CallMeter {
  /**
   * Asks whether a call may go ahead and holds what it expects. Do it once for each logical call,
   * before the network is touched and outside of anything that retries.
   *
   * @throws io.llmaccounting.limit.QuotaExceededException if a limit has no room
   * @throws io.llmaccounting.backend.BackendException if the store cannot be reached
   */
  LlmCall begin(CallRequest request);

  /**
   * Begins a call as {@link #begin} does, without waiting: what that throws, the stage fails with.
   * The context is that of the thread that calls this.
   *
   * <p>Completing or cancelling the stage's future gives the call up: it is withdrawn if it was not
   * admitted yet, and gives its hold back if it was meanwhile.
   */
  CompletionStage<LlmCall> beginAsync(CallRequest request);

  /**
   * Records a call that was made without asking first. Never refused for quota reasons.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   * @throws io.llmaccounting.usage.UsageConflictException if another call has the id or key
   * @throws io.llmaccounting.backend.BackendException if it could not be stored
   */
  Receipt track(Usage usage);

  /**
   * Records a call as {@link #track} does, without waiting: what that throws, the stage fails with.
   * Cancelling it only ends the waiting; the call was made and is recorded.
   */
  CompletionStage<Receipt> trackAsync(Usage usage);

  /**
   * An adapter met a failure of its own beside a call that is, or will be, recorded without what it
   * could not read. Counted, logged and handed to the error handler like a failure of the meter's
   * own; under the error policy FAIL it is thrown instead, so say it last.
   *
   * @throws RuntimeException {@code failure}, where failures are thrown
   */
  void adapterFailed(Throwable failure);

  /** A new id for a call made now, for whoever records it under the same id again. */
  UUID newId();
}
