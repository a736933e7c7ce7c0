package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a ledger transaction sees once its locks are taken.
 *
 * @param now the ledger's clock, read after the locks
 * @param counters the locked counters; EMPTY for those that are new
 * @param holds the holds that exist of those asked for; taken ones are removed already
 * @param records the records that exist of those asked for, with their latest correction; none yet
 *     for {@link Decider#stamp}, because they are locked after new ones were stored
 * @param expired holds that have expired and were not taken, those that expired first, at most
 *     {@link LedgerBatch#EXPIRED_AT_ONCE}; not locked; empty where none were looked for
 */
public record LedgerView(
    Instant now,
    Map<CounterKey, CounterState> counters,
    Map<UUID, HoldRecord> holds,
    Map<UUID, RecordedUsage> records,
    List<HoldRecord> expired) {

  /** A view of no records. */
  public LedgerView(
      Instant now, Map<CounterKey, CounterState> counters, Map<UUID, HoldRecord> holds) {
    this(now, counters, holds, Map.of(), List.of());
  }

  /** Returns a copy with these records. */
  public LedgerView withRecords(Map<UUID, RecordedUsage> read) {
    return new LedgerView(now, counters, holds, read, expired);
  }

  /** Returns a copy with these holds that have expired. */
  public LedgerView withExpired(List<HoldRecord> found) {
    return new LedgerView(now, counters, holds, records, found);
  }
}
