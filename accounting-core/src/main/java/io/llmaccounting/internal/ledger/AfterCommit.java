package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.limit.Alert;
import java.util.List;
import java.util.function.Consumer;

/**
 * What follows a committed transaction: it is counted, and told to those who must not block.
 * Confined to the group commit's thread.
 */
public final class AfterCommit {
  private final Meters meters;
  private final Consumer<List<Alert>> alerts;
  private final Expiry expiry;
  private final Consumer<RuntimeException> broke;
  private final ManyNames names;

  /**
   * Counts in {@code meters}.
   *
   * @param alerts is handed alerts that fired
   * @param expiry what becomes of expired holds that a transaction meets
   * @param broke hears what the group commit's thread has thrown
   */
  public AfterCommit(
      Meters meters,
      Consumer<List<Alert>> alerts,
      Expiry expiry,
      Consumer<RuntimeException> broke) {
    this.meters = meters;
    this.alerts = alerts;
    this.expiry = expiry;
    this.broke = broke;
    this.names = new ManyNames(meters);
  }

  Meters meters() {
    return meters;
  }

  Expiry expiry() {
    return expiry;
  }

  void broke(RuntimeException error) {
    broke.accept(error);
  }

  /** Takes a step. The transaction is committed and never sent again, whatever a step does. */
  void step(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      broke.accept(new IllegalStateException("the ledger goes on: " + e, e));
    }
  }

  /** Counts and tells of a committed transaction. */
  void committed(LedgerTransaction transaction) {
    meters.count(Meters.Count.UNNAMED, transaction.unnamed());
    names.committed(transaction);
    List<Alert> fired = transaction.alerts();
    if (!fired.isEmpty()) {
      alerts.accept(List.copyOf(fired));
    }
  }
}
