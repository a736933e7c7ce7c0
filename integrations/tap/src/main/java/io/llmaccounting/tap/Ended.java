package io.llmaccounting.tap;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
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

  /** Whether {@code error} tells that the application has given up, and not that it failed. */
  static boolean isGivenUp(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof InterruptedException || e instanceof CancellationException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether {@code error} may tell that this thread was interrupted. Where a virtual thread reads a
   * connection, it says that the connection is closed.
   */
  static boolean byInterruption(Throwable error) {
    for (Throwable e = error;
        e != null && Thread.currentThread().isInterrupted();
        e = e.getCause()) {
      if (e instanceof SocketTimeoutException) {
        return false;
      }
      if (e instanceof IOException) {
        return true;
      }
    }
    return false;
  }
}
