package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.ledger.ExpireOperation;
import io.llmaccounting.internal.ledger.Expiry;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.usage.Usage;
import java.util.List;

/**
 * Books calls whose hold has expired before records are read, so that readers see them although
 * nobody has written since. Safe for use by many threads.
 */
public final class ExpiredHolds {
  // a reader waits for so many transactions at most; the rest is left to the next reader
  private static final int MOST_BATCHES = 64;

  private final Ledger ledger;
  private final GroupCommit commits;
  private final Expiry expiry;
  private final Breaker breaker;
  private final Failures failures;

  /** Finds expired holds in {@code ledger} and books their calls through {@code commits}. */
  public ExpiredHolds(
      Ledger ledger, GroupCommit commits, Expiry expiry, Breaker breaker, Failures failures) {
    this.ledger = ledger;
    this.commits = commits;
    this.expiry = expiry;
    this.breaker = breaker;
    this.failures = failures;
  }

  /** Says what becomes of calls whose hold has expired. */
  public static Expiry expiry(CallSettings settings, Events events, Failures failures) {
    return new Expiry(
        usage -> pricedIfPossible(usage, settings, failures),
        calls -> {
          failures.worked(Failures.Consequence.NOT_EXPIRED);
          events.expired(calls);
        },
        error -> failures.containUnlessKnown(Failures.Consequence.NOT_EXPIRED, error));
  }

  // nobody waits for these calls, and prices that fail for one must not keep others unrecorded
  private static Usage pricedIfPossible(Usage usage, CallSettings settings, Failures failures) {
    try {
      Usage priced = settings.priced(usage);
      failures.worked(Failures.Consequence.NOT_PRICED);
      return priced;
    } catch (Throwable e) {
      failures.contain(Failures.Consequence.NOT_PRICED, Failures.of(e));
      return usage;
    }
  }

  /** Books calls whose hold has expired; where that fails, readers read without them. */
  public void book() {
    if (breaker.isOpen()) {
      return;
    }
    try {
      boolean more = true;
      for (int batch = 0; more && batch < MOST_BATCHES; batch++) {
        List<HoldRecord> expired = ledger.expiredHolds(LedgerBatch.EXPIRED_AT_ONCE);
        if (!expired.isEmpty()) {
          commits.book(new ExpireOperation(expired, expiry));
        }
        more = expired.size() == LedgerBatch.EXPIRED_AT_ONCE;
      }
      failures.worked(Failures.Consequence.NOT_EXPIRED);
    } catch (RuntimeException e) {
      failures.containUnlessKnown(Failures.Consequence.NOT_EXPIRED, e);
    }
  }
}
