package io.llmaccounting.sql.report;

import io.llmaccounting.usage.UsageTotals;
import java.util.Map;
import java.util.TreeMap;

/** One row of a report while it is added up. Confined to one thread. */
final class Group {
  private UsageTotals totals = UsageTotals.ZERO;
  private Spread spread = Spread.EMPTY;
  private final Map<Integer, Long> percentiles = new TreeMap<>();

  void add(UsageTotals more) {
    totals = totals.plus(more);
  }

  void add(Spread more) {
    spread = spread.plus(more);
  }

  void percentile(int percent, long latency) {
    percentiles.put(percent, latency);
  }

  UsageTotals totals() {
    return totals;
  }

  io.llmaccounting.usage.Distribution distribution() {
    return spread.with(percentiles);
  }
}
