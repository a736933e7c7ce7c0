package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.Decision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one call is held for, and what it takes of open amounts while the store is away: one growth
 * after the other, each beyond what the call has already, none for a call that has ended, and the
 * end waits for the one that is being taken. What is taken is kept on disk, so that it may finish
 * late. Safe for use by many threads.
 */
final class OpenTakes {
  private static final Grown NOTHING = new Grown(new Decision.Admitted(List.of(), List.of()), null);

  private volatile @Nullable Expectation held;
  private @Nullable CompletableFuture<Boolean> taking;
  private boolean ended;

  /** Begins with what the call was let in for; null where that is not known. */
  OpenTakes(@Nullable Expectation held) {
    this.held = held;
  }

  /** What the call is held for, by whatever it has grown by; null where that is not known. */
  @Nullable Expectation held() {
    return held;
  }

  /** Notes what the call has grown to, if it has. */
  Grown noted(Grown grown) {
    if (grown.granted() != null) {
      held = grown.granted();
    }
    return grown;
  }

  /** Takes more than what the call is held for then, unless the call has ended. */
  CompletableFuture<Grown> take(
      Way way, Function<@Nullable Expectation, CompletableFuture<Grown>> more) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> before;
    synchronized (this) {
      if (ended) {
        return CompletableFuture.completedFuture(NOTHING);
      }
      before = taking;
      if (before == null) {
        taking = mine;
      }
    }
    if (before != null) {
      return way.after(before).thenCompose(over -> take(way, more));
    }
    return Stages.of(() -> more.apply(held).thenApply(this::noted))
        .whenComplete((grown, error) -> over(mine));
  }

  private void over(CompletableFuture<Boolean> mine) {
    synchronized (this) {
      taking = null;
    }
    mine.complete(true);
  }

  /** The call has ended; returns the stage of what is being taken for it, null if nothing is. */
  synchronized @Nullable CompletableFuture<Boolean> end() {
    ended = true;
    return taking;
  }
}
