package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.quota.LimitIndex;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends operations to the ledger, one transaction after the other, by the limits as they are.
 * Confined to the group commit's thread.
 */
public final class Transactions {
  private final Ledger ledger;
  private final CurrentLimits limits;
  private final Refusals refusals;
  private final Balances balances;
  private final Unsure unsure = new Unsure();
  private boolean limitsChanged;

  /** Sends to {@code ledger}; {@code balances} are the leases of this process. */
  public Transactions(Ledger ledger, CurrentLimits limits, Refusals refusals, Balances balances) {
    this.ledger = ledger;
    this.limits = limits;
    this.refusals = refusals;
    this.balances = balances;
  }

  /**
   * Sends operations; committed when it returns.
   *
   * @param expiredFrom from when on expired holds are looked for, null for not at all
   * @throws StaleLimitsException if the limits have changed; the next transaction reads them
   */
  LedgerTransaction send(List<Operation<?>> operations, @Nullable Instant expiredFrom) {
    if (limitsChanged) {
      limits.reload();
      limitsChanged = false;
    }
    LimitIndex current = limits.current();
    Needs needs = new Needs(balances);
    for (Operation<?> operation : operations) {
      operation.match(current);
      operation.need(needs);
      operation.attempt();
    }
    unsure.need(needs);
    LedgerTransaction transaction = new LedgerTransaction(operations, current, refusals, unsure);
    try {
      ledger.transact(needs.toBatch(current.revision(), expiredFrom), transaction);
    } catch (Throwable e) {
      failed(transaction, operations, e);
      throw e;
    }
    return transaction;
  }

  private void failed(
      LedgerTransaction transaction, List<Operation<?>> operations, Throwable error) {
    limitsChanged |= error instanceof StaleLimitsException;
    boolean mayBeBooked = Unsure.mayBeBooked(error);
    if (mayBeBooked) {
      unsure.sent(transaction);
    }
    operations.forEach(operation -> operation.missed(mayBeBooked));
  }

  /** Counts what a committed transaction has found of earlier ones whose answer was lost. */
  void answered(LedgerTransaction committed, Meters meters) {
    unsure.answered(committed, meters);
  }
}
