package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import java.util.List;
import java.util.function.Consumer;

/** Writes alerts and denials that another store has seen; the outcome is how many. */
public final class RememberOperation extends Operation<Long> {
  private final List<Alert> alerts;
  private final List<DenialCount> denials;

  /**
   * Writes these alerts and denials; an alert that is there stays as it is, denials are added to
   * the counts.
   */
  public RememberOperation(List<Alert> alerts, List<DenialCount> denials) {
    this.alerts = List.copyOf(alerts);
    this.denials = List.copyOf(denials);
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
