package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.SpreadLedger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations on their way to the ledger, as one transaction. Made and looked at by the group
 * commit's thread, run by any, once.
 */
final class Sending implements Runnable {
  private final Ledger ledger;
  private final int place;
  private final LedgerBatch batch;
  private final List<Operation<?>> operations;
  private final LedgerTransaction transaction;
  private @Nullable Throwable error;

  /** Sends to {@code place}, where that is another than home. */
  Sending(
      Ledger ledger,
      int place,
      LedgerBatch batch,
      List<Operation<?>> operations,
      LedgerTransaction transaction) {
    this.ledger = ledger;
    this.place = place;
    this.batch = batch;
    this.operations = operations;
    this.transaction = transaction;
  }

  @Override
  public void run() {
    try {
      if (place != SpreadLedger.HOME && ledger instanceof SpreadLedger spread) {
        spread.transactAt(place, batch, transaction);
      } else {
        ledger.transact(batch, transaction);
      }
    } catch (Throwable e) {
      error = e;
    }
  }

  List<Operation<?>> operations() {
    return operations;
  }

  /** Committed, unless there is an error. */
  LedgerTransaction transaction() {
    return transaction;
  }

  /** What has kept it from being booked; null if it is committed. */
  @Nullable Throwable error() {
    return error;
  }
}
