package io.llmaccounting.internal.ledger;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of working for one caller that does not wait, and may give up. Safe for use by many
 * threads.
 */
public final class Staged implements Way {
  private final GroupCommit commits;
  private final Handoff handoff;
  private @Nullable Operation<?> transaction;
  private boolean isOver;
  private boolean givenUp;

  Staged(GroupCommit commits, Handoff handoff) {
    this.commits = commits;
    this.handoff = handoff;
  }

  @Override
  public <R> CompletableFuture<R> book(Operation<R> operation) {
    synchronized (this) {
      if (givenUp) {
        return CompletableFuture.failedFuture(givenUp());
      }
      transaction = operation;
    }
    return commits.submit(operation);
  }

  @Override
  public <T> CompletableFuture<T> after(CompletableFuture<T> stage) {
    return stage;
  }

  @Override
  public <T> CompletableFuture<T> slowly(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, handoff);
  }

  @Override
  public boolean waits() {
    return false;
  }

  /** The failure of a stage whose caller has given up. */
  private static CancellationException givenUp() {
    return new CancellationException("the caller has given up");
  }

  /** Goes on only if the caller has not given up. */
  public synchronized void requireWanted() {
    if (givenUp) {
      throw givenUp();
    }
  }

  /**
   * Returns the outcome of {@code work} as a stage that may be given up by completing or cancelling
   * it.
   *
   * @param work to be done this way
   * @param undo gives back the outcome of {@code work} if its caller had given up by then
   */
  public <T> CompletableFuture<T> promise(
      Supplier<CompletableFuture<T>> work, Consumer<? super T> undo) {
    CompletableFuture<T> promised = new CompletableFuture<>();
    CompletableFuture<T> unusedGivingUp =
        promised.whenComplete((value, error) -> giveUpUnlessOver());
    CompletableFuture<T> unused =
        Stages.of(work)
            .whenComplete(
                (value, error) -> {
                  over();
                  if (error != null) {
                    promised.completeExceptionally(Stages.reason(error));
                  } else if (!promised.complete(value)) {
                    undo.accept(value);
                  }
                });
    return promised;
  }

  private synchronized void over() {
    isOver = true;
  }

  private void giveUpUnlessOver() {
    Operation<?> begun;
    synchronized (this) {
      if (isOver) {
        return;
      }
      givenUp = true;
      begun = transaction;
    }
    if (begun != null) {
      commits.withdraw(begun);
    }
  }
}
