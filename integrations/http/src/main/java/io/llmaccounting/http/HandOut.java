package io.llmaccounting.http;

import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.tap.Exchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The moment at which the answer of a call is handed out. Before it, whoever sends hears how the
 * body ended, and knows why; afterwards nobody but the body is left to tell. Safe for use by many
 * threads.
 */
final class HandOut {
  private final Exchange exchange;
  private @Nullable Throwable unrecorded;
  private @Nullable Throwable broken;
  private boolean over;

  HandOut(Exchange exchange) {
    this.exchange = exchange;
  }

  Exchange exchange() {
    return exchange;
  }

  /** What could not be recorded; false if the answer was handed out already. */
  synchronized boolean tellUnrecorded(Throwable failure) {
    unrecorded = failure;
    return !over;
  }

  /**
   * The body broke off. The stage is done once that is recorded, or once it is known that whoever
   * sends records it: one that has given the call up breaks its body off, too.
   */
  CompletionStage<Void> brokeOff(Throwable error) {
    synchronized (this) {
      if (!over) {
        broken = error;
        return CompletableFuture.completedFuture(null);
      }
    }
    return exchange.failed(error);
  }

  /**
   * Hands {@code answer} out.
   *
   * @throws AnswerNotRecordedException with the answer, if something could not be recorded of it
   */
  <T> T handOut(T answer) {
    Throwable error;
    Throwable failure;
    synchronized (this) {
      over = true;
      error = broken;
      failure = unrecorded;
    }
    if (error != null) {
      // the application hears of it where it reads the body
      CompletionStage<Void> unused = exchange.failed(error);
    }
    if (failure != null) {
      throw new AnswerNotRecordedException(answer, failure);
    }
    return answer;
  }
}
