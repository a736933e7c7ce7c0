package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills the counters of a limit from the records. Called inside the transaction that saves it,
 * which may be repeated: {@link #begin} starts over. Confined to one thread.
 */
public interface CounterSeed {
  /**
   * Starts over.
   *
   * @param replaced the limit that is replaced, or null
   * @param now the ledger's clock
   * @return records with chargedAt at or after this instant are wanted; empty to keep the counters
   */
  Optional<Instant> begin(@Nullable StoredLimit replaced, Instant now);

  /** One record, in any order. */
  void accept(RecordedUsage usage);

  /** The counters by subject, after all records. */
  Map<String, CounterState> counters();
}
