package io.llmaccounting.backend;

import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.TimeRange;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The only way in which usage is booked: records, holds, counters and rollups, all in one
 * transaction or none. Safe for use by many threads.
 */
public interface Ledger {
  /**
   * Runs one transaction, which is durable when this returns.
   *
   * <p>The ledger compares the limits' revision; locks and reads the batch's counters, in order,
   * and the holds; reads the clock; asks {@link Decider#stamp} and stores those records whose id
   * and key are not there yet, with their rollups, but none from before the purge horizon and none
   * under the key of a purged record unless {@link Decider#storesOld}; asks {@link Decider#decide}
   * and writes what it says. Deadlocks and serialization failures are repeated inside, never
   * reported.
   *
   * @throws StaleLimitsException if the limits have another revision; nothing was written
   * @throws BackendException if it failed; a passing failure may have been committed all the same
   */
  void transact(LedgerBatch batch, Decider decider);

  /** The ledger's clock and the states of those counters that exist; takes no lock. */
  LedgerView peek(Set<CounterKey> counters);

  /** All holds that were neither settled nor released, expired ones included, oldest first. */
  List<HoldRecord> holds();

  /** Holds that have expired by the ledger's clock, those that expired first. */
  List<HoldRecord> expiredHolds(int most);

  /** Refused reserves whose minute lies in {@code period}, newest first. */
  List<DenialCount> denials(TimeRange period);

  /** Fired alerts, oldest first; all of them, or only those not marked as delivered. */
  List<Alert> alerts(boolean undeliveredOnly);

  /** Marks alerts as delivered; unknown ids change nothing. */
  void markDelivered(Set<UUID> alertIds);
}
