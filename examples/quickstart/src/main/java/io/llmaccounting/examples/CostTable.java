package io.llmaccounting.examples;

import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;

/** A report by project and model as an aligned table. */
final class CostTable {
  private static final String LINE = "  %-10s %-20s %5s %9s %9s %9s  %s%n";

  private CostTable() {}

  static String of(UsageReport report) {
    StringBuilder table = new StringBuilder();
    table.append(LINE.formatted("project", "model", "calls", "input", "cached", "output", "cost"));
    for (ReportRow row : report.rows()) {
      String project = row.values().get(0);
      String model = row.values().get(1);
      table.append(line(project == null ? "(none)" : project, String.valueOf(model), row.totals()));
    }
    return table.append(line("total", "", report.total())).toString();
  }

  private static String line(String project, String model, UsageTotals totals) {
    return LINE.formatted(
        project,
        model,
        totals.calls(),
        "%,d".formatted(totals.tokens().input()),
        "%,d".formatted(totals.tokens().cacheRead()),
        "%,d".formatted(totals.tokens().output()),
        cost(totals));
  }

  // A cost that nobody knows is said to be unknown; it is not $0.00.
  private static String cost(UsageTotals totals) {
    if (totals.pricedCalls() == 0) {
      return "unknown (%d unpriced)".formatted(totals.unpriced());
    }
    return totals.unpriced() == 0
        ? totals.cost().toString()
        : "%s + %d unpriced".formatted(totals.cost(), totals.unpriced());
  }
}
