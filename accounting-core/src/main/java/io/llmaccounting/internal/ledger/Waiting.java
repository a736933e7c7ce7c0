package io.llmaccounting.internal.ledger;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** The way of working for a caller that waits. Safe for use by many threads. */
final class Waiting implements Way {
  private final GroupCommit commits;

  Waiting(GroupCommit commits) {
    this.commits = commits;
  }

  @Override
  public <R> CompletableFuture<R> book(Operation<R> operation) {
    return done(() -> commits.book(operation));
  }

  @Override
  public <T> CompletableFuture<T> after(CompletableFuture<T> stage) {
    try {
      stage.join();
    } catch (CompletionException e) {
      // the caller that reads the stage is told of the failure
      return stage;
    }
    return stage;
  }

  @Override
  public <T> CompletableFuture<T> reading(Supplier<T> work) {
    return done(work);
  }

  @Override
  public <T> CompletableFuture<T> writing(Supplier<T> work) {
    return done(work);
  }

  @Override
  public <T> CompletableFuture<T> writing(Supplier<T> waiting, Supplier<Begun<T>> begun) {
    return done(waiting);
  }

  @Override
  public <T> CompletableFuture<T> handOver(CompletableFuture<T> stage) {
    return stage;
  }

  private static <T> CompletableFuture<T> done(Supplier<T> work) {
    return Stages.of(() -> CompletableFuture.completedFuture(work.get()));
  }

  @Override
  public boolean waits() {
    return true;
  }
}
