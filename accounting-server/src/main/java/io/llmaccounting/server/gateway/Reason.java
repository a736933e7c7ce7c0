package io.llmaccounting.server.gateway;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What failed, out of what stages wrap it in. */
final class Reason {
  private Reason() {}

  static Throwable of(Throwable failure) {
    Throwable reason = failure;
    while ((reason instanceof CompletionException || reason instanceof ExecutionException)
        && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }
}
