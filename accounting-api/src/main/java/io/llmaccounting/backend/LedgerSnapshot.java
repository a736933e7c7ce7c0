package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Everything a ledger holds at one instant. Valid only inside the call that hands it over. */
public interface LedgerSnapshot {
  /** The ledger's clock. */
  Instant now();

  /** The limits. */
  List<StoredLimit> limits();

  /** Every counter. */
  Map<CounterKey, CounterState> counters();

  /** What every counter goes on counting for records that were purged. */
  Map<CounterKey, CounterState> bases();

  /** Every hold, expired ones included. */
  List<HoldRecord> holds();

  /** Hands over every record with chargedAt at or after {@code from}, in any order. */
  void scan(Instant from, Consumer<RecordedUsage> reader);
}
