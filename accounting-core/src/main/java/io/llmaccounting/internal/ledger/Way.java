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

  /**
   * Asks the store, not on a thread that must not wait. For a caller that does not wait the stage
   * fails with a {@link io.llmaccounting.backend.BackendException} where the store does not answer
   * in time.
   */
  <T> CompletableFuture<T> reading(Supplier<T> work);

  /** Writes to the spool, not on a thread that must not wait. */
  <T> CompletableFuture<T> writing(Supplier<T> work);

  /**
   * Has records written to the spool.
   *
   * @param waiting writes on the caller's thread, for a caller that waits
   * @param begun begins to write for a caller that does not wait: no thread is kept meanwhile
   */
  <T> CompletableFuture<T> writing(Supplier<T> waiting, Supplier<Begun<T>> begun);

  /**
   * Hands on the stage where code of the application may run: what is our own is done before, so
   * that nothing of the application's can hold it up.
   */
  <T> CompletableFuture<T> handOver(CompletableFuture<T> stage);

  /** True if the caller may be made to wait. */
  boolean waits();
}
