package io.llmaccounting.internal.ledger;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes, joins and unwraps stages. Pure. */
public final class Stages {
  private Stages() {}

  /** The stage that {@code work} makes, or where it throws, a stage that has failed with that. */
  public static <T> CompletableFuture<T> of(Supplier<CompletableFuture<T>> work) {
    try {
      return work.get();
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * The outcome of {@code stage}, waited for through interrupts.
   *
   * @throws RuntimeException what it failed with, as it was thrown
   */
  public static <T extends @Nullable Object> T join(CompletableFuture<T> stage) {
    try {
      return stage.join();
    } catch (CompletionException e) {
      throw thrown(e);
    }
  }

  /**
   * Waits for {@code stage}, however it ends, at most until {@code end} and through interrupts; no
   * timer of the process is needed.
   *
   * @param end by {@link System#nanoTime}
   */
  public static void await(CompletableFuture<?> stage, long end) {
    boolean interrupted = false;
    for (long left = end - System.nanoTime();
        left > 0 && !stage.isDone();
        left = end - System.nanoTime()) {
      try {
        Object unused = stage.get(left, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException | CancellationException | TimeoutException e) {
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The failure of a stage, as it was thrown; an {@link Error} is thrown right here. */
  public static RuntimeException thrown(Throwable failure) {
    Throwable reason = reason(failure);
    if (reason instanceof Error error) {
      throw error;
    }
    return reason instanceof RuntimeException known
        ? known
        : new IllegalStateException("a stage failed", reason);
  }

  /** The failure of a stage, without the exception that stages wrap it in. */
  public static Throwable reason(Throwable failure) {
    Throwable reason = failure;
    while (reason instanceof CompletionException && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }

  /**
   * A stage of the caller's own, with the outcome of {@code stage} as it was thrown: whatever the
   * caller does to it, {@code stage} stays as it is.
   */
  public static <T> CompletableFuture<T> shown(CompletableFuture<T> stage) {
    CompletableFuture<T> shown = new CompletableFuture<>();
    CompletableFuture<T> unused =
        stage.whenComplete((value, error) -> complete(shown, value, error));
    return shown;
  }

  /** Completes {@code stage} with an outcome of another, as it was thrown. */
  static <T> void complete(CompletableFuture<T> stage, T value, @Nullable Throwable error) {
    if (error == null) {
      stage.complete(value);
    } else {
      stage.completeExceptionally(reason(error));
    }
  }
}
