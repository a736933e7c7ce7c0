package io.llmaccounting.tap;

import io.llmaccounting.health.AnswerNotRecordedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Follows a stage that a method has returned. */
final class LaterStage {
  private LaterStage() {}

  /**
   * A future of the same, which is done once the call is recorded. Ending it gives the call up, and
   * cancels {@code asked} where that is a future.
   */
  static <T> CompletableFuture<T> follow(CompletionStage<T> asked, PendingReturn pending) {
    CompletableFuture<T> shown = new CompletableFuture<>();
    asked.whenComplete(
        (value, error) -> {
          if (error == null) {
            succeed(shown, value, pending);
          } else {
            fail(shown, error, pending);
          }
        });
    CompletionStage<T> end = shown;
    end.whenComplete(
        (value, error) -> {
          CompletionStage<Void> unused = pending.cancelled();
          if (asked instanceof CompletableFuture<T> future) {
            future.cancel(true);
          }
        });
    return shown;
  }

  private static <T> void succeed(CompletableFuture<T> shown, T value, PendingReturn pending) {
    if (value != null) {
      pending.came(value);
    }
    CompletionStage<Void> end = pending.completed();
    end.whenComplete(
        (recorded, unrecorded) -> {
          if (unrecorded == null) {
            shown.complete(value);
          } else {
            shown.completeExceptionally(
                new AnswerNotRecordedException(value, Ended.reason(unrecorded)));
          }
        });
  }

  private static <T> void fail(CompletableFuture<T> shown, Throwable error, PendingReturn pending) {
    Throwable reason = Ended.reason(error);
    CompletionStage<Void> end = pending.failed(reason);
    end.whenComplete(
        (recorded, unrecorded) -> {
          if (unrecorded != null && Ended.reason(unrecorded) != reason) {
            reason.addSuppressed(Ended.reason(unrecorded));
          }
          shown.completeExceptionally(reason);
        });
  }
}
