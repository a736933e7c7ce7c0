package io.llmaccounting.internal.ledger;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * How a caller learns what became of its work: by waiting, or by a stage. What callers of both
 * kinds do is written once, with stages; for one that waits each of them is complete when it is
 * returned, so that all of it runs on the caller's thread and needs no other.
 */
public interface Way {
  /** Books {@code operation}; what is thrown the stage fails with. */
  <R> CompletableFuture<R> book(Operation<R> operation);

  /** Hands on the stage, once what others do for it is over if the caller waits. */
  <T> CompletableFuture<T> after(CompletableFuture<T> stage);

  /** Runs what may wait for a disk or for the store, not on a thread that must not wait. */
  <T> CompletableFuture<T> slowly(Supplier<T> work);

  /** True if the caller may be made to wait. */
  boolean waits();
}
