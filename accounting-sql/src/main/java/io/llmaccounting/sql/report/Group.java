package io.llmaccounting.sql.report;

import io.llmaccounting.usage.Distribution;
import io.llmaccounting.usage.UsageTotals;

/** One row of a report while it is added up. Confined to one thread. */
final class Group {
  private final GroupLatencies latencies = new GroupLatencies();
  private UsageTotals totals = UsageTotals.ZERO;
  private Spread spread = Spread.EMPTY;

  void add(UsageTotals more) {
    totals = totals.plus(more);
  }

  void add(Spread more) {
    spread = spread.plus(more);
  }

  GroupLatencies latencies() {
    return latencies;
  }

  UsageTotals totals() {
    return totals;
  }

  Distribution distribution() {
    return spread.with(latencies.percentiles());
  }
}
