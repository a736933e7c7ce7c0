package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.StaleLimitsException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Books the expired holds that transactions meet. The decisions of those transactions stand,
 * whatever becomes of it: the next one meets them again. Confined to the group commit's thread.
 */
final class MetExpired {
  private final Transactions transactions;
  private final AfterCommit after;
  private final Consumer<Operation<?>> undo;
  private final LookOut lookOut = new LookOut();
  // nobody knows whether it was booked: it is tried until that is known
  private @Nullable ExpireOperation unsure;

  MetExpired(Transactions transactions, AfterCommit after, Consumer<Operation<?>> undo) {
    this.transactions = transactions;
    this.after = after;
    this.undo = undo;
  }

  /** From when on the next transaction looks for expired holds. */
  Instant lookFrom() {
    return lookOut.next();
  }

  /** Notes that an operation has failed. */
  void failed(Operation<?> operation, RuntimeException error) {
    if (operation instanceof ExpireOperation one && Unsure.mayBeBooked(error)) {
      unsure = one;
    }
  }

  /** Books what a committed transaction of these operations has met. */
  void book(LedgerTransaction met, List<Operation<?>> operations) {
    boolean mayBeMore = met.expired().size() == LedgerBatch.EXPIRED_AT_ONCE || unsure != null;
    lookOut.passed(met.seenAt(), mayBeMore);
    ExpireOperation operation = unsure != null ? unsure : expired(met, operations);
    if (operation == null) {
      return;
    }
    unsure = null;
    try {
      LedgerTransaction transaction = transactions.send(List.of(operation), null);
      transactions.answered(transaction, after.meters());
      after.committed(transaction);
      operation.succeed(after.meters(), undo);
    } catch (StaleLimitsException e) {
      // the limits are read before the next transaction, which meets them again
    } catch (Throwable e) {
      unsure = Unsure.mayBeBooked(e) ? operation : null;
      after.expiry().failed().accept(e);
    }
  }

  private @Nullable ExpireOperation expired(LedgerTransaction met, List<Operation<?>> operations) {
    Set<UUID> spared = new HashSet<>();
    operations.forEach(one -> one.spare(spared));
    List<HoldRecord> expired =
        met.expired().stream().filter(hold -> !spared.contains(hold.id())).toList();
    return expired.isEmpty() ? null : new ExpireOperation(expired, after.expiry());
  }
}
