package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Writes alerts and denials that another store has seen; the outcome is how many. */
public final class RememberOperation extends Operation<Long> {
  private final List<Alert> alerts;
  private final List<DenialCount> denials;
  // whether it was committed: known although nobody waits for it any more
  private final CompletableFuture<Boolean> committed = new CompletableFuture<>();

  /**
   * Writes these alerts and denials; an alert that is there stays as it is, denials are added to
   * the counts.
   */
  public RememberOperation(List<Alert> alerts, List<DenialCount> denials) {
    this.alerts = List.copyOf(alerts);
    this.denials = List.copyOf(denials);
  }

  /**
   * Books this; where it took too long to be waited for, the stage is complete only once it is
   * known what came of it, so that what is tried again afterwards is not there twice. Where the
   * store has lost the answer of a commit, that cannot be known: it is tried again then.
   */
  public CompletableFuture<?> bookOnce(Way way) {
    CompletableFuture<Long> booked = Stages.of(() -> way.book(this));
    if (booked.isCompletedExceptionally()) {
      return booked;
    }
    return booked
        .thenApply(many -> true)
        .exceptionallyCompose(
            failure ->
                committed.thenCompose(
                    late ->
                        late
                            ? CompletableFuture.completedFuture(true)
                            : CompletableFuture.failedFuture(Stages.reason(failure))));
  }

  @Override
  void abandoned() {
    committed.complete(false);
  }

  @Override
  void count(Long booked, Meters meters) {
    committed.complete(true);
  }

  @Override
  void claims(Consumer<Object> claim) {}

  @Override
  void match(LimitIndex limits) {}

  @Override
  void need(Needs needs) {}

  @Override
  Long decide(LedgerTransaction transaction) {
    transaction.remember(alerts, denials);
    return (long) alerts.size() + denials.size();
  }

  @Override
  int weight() {
    return alerts.size() + denials.size();
  }
}
