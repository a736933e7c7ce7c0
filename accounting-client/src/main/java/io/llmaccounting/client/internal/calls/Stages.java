package io.llmaccounting.client.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.client.internal.health.Failures;
import io.llmaccounting.client.internal.wire.ProblemException;
import io.llmaccounting.client.internal.wire.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Hands outcomes to whoever waits, and to those that do not. Safe for use by many threads. */
public final class Stages {
  private final Executor executor;

  /** Completes what applications see by {@code executor}. */
  public Stages(Executor executor) {
    this.executor = executor;
  }

  /** What an application is told of a failure. */
  static RuntimeException known(Throwable failure) {
    Throwable reason = Wire.reason(failure);
    return reason instanceof ProblemException problem ? problem.known() : Failures.of(reason);
  }

  /** Waits for an outcome, which comes by itself within the timeout. */
  public static <T extends @Nullable Object> T join(CompletableFuture<T> stage) {
    try {
      return stage.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException(
          BackendException.Kind.UNAVAILABLE,
          "the thread was interrupted while it waited for the accounting server; what was recorded is sent all the same",
          e);
    } catch (ExecutionException e) {
      if (Wire.reason(e) instanceof Error error) {
        throw error;
      }
      throw known(e);
    }
  }

  /**
   * The same for an application: what it adds runs on the executor, never where others wait.
   *
   * @param then is run there first, and makes what the application sees
   */
  public <T, R extends @Nullable Object> CompletableFuture<R> shown(
      CompletableFuture<T> stage, Ended<T, R> then) {
    CompletableFuture<R> shown = new CompletableFuture<>();
    boolean unused =
        stage
            .whenComplete((value, failure) -> run(() -> complete(shown, value, failure, then)))
            .isDone();
    return shown;
  }

  /** Makes what an application sees of an outcome. */
  @FunctionalInterface
  public interface Ended<T, R extends @Nullable Object> {
    /** One of the two is null. */
    R made(@Nullable T value, @Nullable RuntimeException failure);
  }

  private static <T, R extends @Nullable Object> void complete(
      CompletableFuture<R> shown,
      @Nullable T value,
      @Nullable Throwable failure,
      Ended<T, R> then) {
    try {
      shown.complete(then.made(value, failure == null ? null : known(failure)));
    } catch (Throwable e) {
      shown.completeExceptionally(e);
    }
  }

  /** Runs it on the executor, and where that refuses on the common pool. */
  void run(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      ForkJoinPool.commonPool().execute(task);
    }
  }
}
