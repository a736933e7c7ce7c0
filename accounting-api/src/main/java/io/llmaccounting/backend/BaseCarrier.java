package io.llmaccounting.backend;

import io.llmaccounting.usage.RecordedUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Works out what limits must go on counting once records are removed: a base for each counter,
 * which is kept beside it and added to what the remaining records say. Called in this order inside
 * the transaction that removes them, which may be repeated: {@link #begin} starts over. Confined to
 * one thread.
 */
public interface BaseCarrier {
  /**
   * Starts over.
   *
   * @param limits all limits
   * @param now the ledger's clock
   * @return the carrier must be handed each record to be removed whose chargedAt is this instant or
   *     later
   */
  Instant begin(List<StoredLimit> limits, Instant now);

  /** One record to be removed, with its latest correction; in any order. */
  void accept(RecordedUsage leaving);

  /** The counters whose bases change. */
  Set<CounterKey> touched();

  /**
   * The changed bases.
   *
   * @param bases those of {@link #touched} that exist
   */
  Map<CounterKey, CounterState> carried(Map<CounterKey, CounterState> bases);
}
