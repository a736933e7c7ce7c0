package io.llmaccounting.internal.ledger;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * How a caller learns what became of its work: by waiting, or by a stage. The code for both kinds
 * of callers is written once, with stages. For a caller that waits, each stage is complete when it
 * is returned, so that everything runs on the caller's thread.
 */
public interface Way {
  /** Books {@code operation}; if that fails, the stage fails with it. */
  <R> CompletableFuture<R> book(Operation<R> operation);

  /** Returns the stage; for a caller that waits, only once other threads have completed it. */
  <T> CompletableFuture<T> after(CompletableFuture<T> stage);

  /** Runs work that may wait for a disk or for the store, never on a thread that must not wait. */
  <T> CompletableFuture<T> slowly(Supplier<T> work);

  /** True if the caller may be made to wait. */
  boolean waits();
}
