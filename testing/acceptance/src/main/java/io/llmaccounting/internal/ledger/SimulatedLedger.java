package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as one simulated process uses it: one transaction after the other, on the thread of
 * the test. Answers get lost as the test says: what was committed is then sent again, or given up.
 */
final class SimulatedLedger {
  private final UsageBackend backend;
  private final Balances balances;
  private final Meters meters;
  private final Refusals refusals = new Refusals(10);
  private final Random random;
  private final ManualClock clock;
  private final Unsure unsure = new Unsure();

  SimulatedLedger(
      UsageBackend backend, Balances balances, Meters meters, Random random, ManualClock clock) {
    this.clock = clock;
    this.backend = backend;
    this.balances = balances;
    this.meters = meters;
    this.random = random;
  }

  /** How an operation ends. */
  enum End {
    /** Its answer comes at once. */
    ANSWERED,
    /** Its first answer is lost, and it is sent again. */
    REPEATED,
    /** Its answer is lost for good, though it was committed. */
    LOST,
    /** It never got there. */
    FAILED
  }

  /** A random end, mostly good. */
  End end(double chaos) {
    double dice = random.nextDouble();
    return dice < chaos
        ? End.REPEATED
        : dice < 2 * chaos ? End.LOST : dice < 3 * chaos ? End.FAILED : End.ANSWERED;
  }

  /** Books operations in one transaction; null where nobody is told of the outcome. */
  @Nullable Object book(List<Operation<?>> operations, End end) {
    if (end == End.FAILED) {
      // the decider ran, and the transaction was rolled back
      try {
        transact(operations, true);
      } catch (RolledBack expected) {
        operations.forEach(operation -> operation.attemptFailed(false));
        operations.forEach(operation -> operation.fail(expected));
      }
      return null;
    }
    transact(operations, false);
    if (end == End.LOST) {
      operations.forEach(operation -> operation.attemptFailed(true));
      operations.forEach(operation -> operation.fail(new IllegalStateException("lost")));
      return null;
    }
    if (end == End.REPEATED) {
      // the answer is waited for in vain
      operations.forEach(operation -> operation.attemptFailed(true));
      clock.advance(Duration.ofMillis(random.nextInt(3_000)));
      transact(operations, false);
    }
    operations.forEach(operation -> operation.succeed(meters, undo -> {}));
    return operations;
  }

  /** Thrown by a transaction that is to be rolled back. */
  private static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void transact(List<Operation<?>> operations, boolean rollsBack) {
    LimitIndex limits = new LimitIndex(backend.limits().load());
    Needs needs = new Needs(balances);
    for (Operation<?> operation : operations) {
      operation.match(limits);
      operation.need(needs);
      operation.attempt();
    }
    LedgerTransaction transaction = new LedgerTransaction(operations, limits, refusals, unsure);
    LedgerBatch batch = needs.toBatch(limits.revision(), Instant.EPOCH);
    backend.ledger().transact(batch, rollsBack ? new Undecided(transaction) : transaction);
  }

  /** Decides as the transaction does, and then breaks off. */
  private record Undecided(LedgerTransaction transaction) implements Decider {
    @Override
    public List<RecordedUsage> stamp(LedgerView view) {
      return transaction.stamp(view);
    }

    @Override
    public LedgerWrites decide(LedgerView view, StoredRecords stored) {
      LedgerWrites unused = transaction.decide(view, stored);
      throw new RolledBack();
    }

    @Override
    public boolean storesOld(UUID id) {
      return transaction.storesOld(id);
    }

    @Override
    public List<UsageAdjustment> adjustments(UUID id) {
      return transaction.adjustments(id);
    }
  }
}
