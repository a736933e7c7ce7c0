package io.llmaccounting.tap;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why something ended. */
final class Ended {
  private Ended() {}

  /** What a stage failed with, without what stages wrap around it. */
  static Throwable reason(Throwable error) {
    Throwable reason = error;
    while ((reason instanceof CompletionException || reason instanceof ExecutionException)
        && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }
}
