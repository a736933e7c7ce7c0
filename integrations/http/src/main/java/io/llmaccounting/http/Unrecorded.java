package io.llmaccounting.http;

import io.llmaccounting.health.AnswerNotRecordedException;
import org.jspecify.annotations.Nullable;

/**
 * What could not be recorded of a call, for whoever hands its answer out. Safe for use by many
 * threads.
 */
final class Unrecorded {
  private @Nullable Throwable failure;
  private boolean handedOut;

  /** Tells of it; false if the answer was handed out already, so that nobody looks any more. */
  synchronized boolean tell(Throwable error) {
    failure = error;
    return !handedOut;
  }

  /**
   * Hands {@code answer} out.
   *
   * @throws AnswerNotRecordedException with the answer, if something could not be recorded of it
   */
  synchronized <T> T handOut(T answer) {
    handedOut = true;
    if (failure != null) {
      throw new AnswerNotRecordedException(answer, failure);
    }
    return answer;
  }
}
