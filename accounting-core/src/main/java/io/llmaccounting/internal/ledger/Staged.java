package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.health.Worker;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of working for one caller that does not wait, and may give up. Safe for use by many
 * threads.
 */
public final class Staged implements Way {
  private final GroupCommit commits;
  private final OwnWork own;
  private final Handoff handoff;
  private final Thread caller = Thread.currentThread();
  private volatile @Nullable Thread handedTo;
  private @Nullable Operation<?> transaction;
  private boolean isOver;
  private boolean givenUp;

  Staged(GroupCommit commits, OwnWork own, Handoff handoff) {
    this.commits = commits;
    this.own = own;
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
  public <T> CompletableFuture<T> reading(Supplier<T> work) {
    return commits.read(work);
  }

  /** Asks what the application may answer late or never, on a thread that nothing else needs. */
  public <T> CompletableFuture<T> asking(Supplier<T> work) {
    return own.ask(work);
  }

  @Override
  public <T> CompletableFuture<T> writing(Supplier<T> work) {
    return own.write(work);
  }

  @Override
  public <T> CompletableFuture<T> writing(Supplier<T> waiting, Supplier<Begun<T>> begun) {
    return Stages.of(() -> own.await(begun.get()));
  }

  @Override
  public <T> CompletableFuture<T> handOver(CompletableFuture<T> stage) {
    if (stage.isDone() && isWhereItBelongs()) {
      return stage;
    }
    CompletableFuture<T> handed = new CompletableFuture<>();
    CompletableFuture<T> unused =
        stage.whenComplete(
            (value, error) -> elsewhere(() -> Stages.complete(handed, value, error)));
    return handed;
  }

  // on the thread of the caller, which still asks, or where this was handed to; any other thread,
  // though it may be the application's, has work of its own
  private boolean isWhereItBelongs() {
    Thread here = Thread.currentThread();
    return here == handedTo || (here == caller && !Worker.isHere());
  }

  private void elsewhere(Runnable task) {
    if (Thread.currentThread() == handedTo) {
      task.run();
    } else {
      handoff.execute(() -> there(task));
    }
  }

  private void there(Runnable task) {
    Thread before = handedTo;
    handedTo = Thread.currentThread();
    try {
      task.run();
    } finally {
      handedTo = before;
    }
  }

  /** A stage of the caller's own, as {@link Stages#shown} makes it, completed where it belongs. */
  public <T> CompletableFuture<T> shown(Function<Way, CompletableFuture<T>> work) {
    return Stages.shown(handOver(Stages.of(() -> work.apply(this))));
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
   * @param telling makes of it what the caller is told, where code of the application may run
   * @param undo gives back what {@code work} came to where its caller has given up; that is not
   *     left to the application's executor
   */
  public <D, T> CompletableFuture<T> promise(
      Supplier<CompletableFuture<D>> work, Function<D, T> telling, Consumer<D> undo) {
    CompletableFuture<T> promised = new CompletableFuture<>();
    // one takes it: who tells of it, or who gives it back
    AtomicReference<@Nullable D> untold = new AtomicReference<>();
    CompletableFuture<T> unusedGivingUp =
        promised.whenComplete(
            (value, error) -> {
              giveUpUnlessOver();
              undo(untold, undo);
            });
    CompletableFuture<D> decided =
        Stages.of(work)
            .whenComplete(
                (value, error) -> {
                  over();
                  untold.set(value);
                  if (promised.isDone()) {
                    undo(untold, undo);
                  }
                });
    CompletableFuture<Boolean> unused =
        handOver(decided).handle((value, error) -> keep(promised, untold, telling, undo, error));
    return promised;
  }

  private static <D, T> boolean keep(
      CompletableFuture<T> promised,
      AtomicReference<@Nullable D> untold,
      Function<D, T> telling,
      Consumer<D> undo,
      @Nullable Throwable error) {
    D taken = untold.getAndSet(null);
    try {
      if (error != null) {
        return promised.completeExceptionally(Stages.reason(error));
      }
      if (taken != null && !promised.complete(telling.apply(taken))) {
        undo.accept(taken);
      }
    } catch (Throwable e) {
      return promised.completeExceptionally(e);
    }
    return true;
  }

  private static <D> void undo(AtomicReference<@Nullable D> untold, Consumer<D> undo) {
    D taken = untold.getAndSet(null);
    if (taken != null) {
      undo.accept(taken);
    }
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
