package io.llmaccounting.backend;

import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import java.util.List;
import java.util.Map;

/**
 * What a decider wants written.
 *
 * @param counters new states of counters that changed, all of them locked
 * @param holds new or changed holds
 * @param alerts alerts that fired; one whose id is there already is left as it is
 * @param denials refused reserves, added to the counts that are there
 * @param adjustments corrected costs of records that the view holds; rollups follow
 */
public record LedgerWrites(
    Map<CounterKey, CounterState> counters,
    List<HoldRecord> holds,
    List<Alert> alerts,
    List<DenialCount> denials,
    List<Adjustment> adjustments) {

  /** Writes that correct no record. */
  public LedgerWrites(
      Map<CounterKey, CounterState> counters,
      List<HoldRecord> holds,
      List<Alert> alerts,
      List<DenialCount> denials) {
    this(counters, holds, alerts, denials, List.of());
  }

  /** Writes nothing besides the records. */
  public static final LedgerWrites NONE =
      new LedgerWrites(Map.of(), List.of(), List.of(), List.of());
}
