package io.llmaccounting.cli.reports;

import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;

/** What rows are ranked by, and what their bars show. */
enum Ranking {
  COST,
  CALLS,
  TOKENS,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  FAILED,
  UNPRICED,
  LATENCY;

  long of(UsageTotals totals) {
    return switch (this) {
      case COST -> totals.cost().nanos();
      case CALLS -> totals.calls();
      case TOKENS -> totals.tokens().total();
      case INPUT_TOKENS -> totals.tokens().input();
      case OUTPUT_TOKENS -> totals.tokens().output();
      case FAILED -> totals.failed();
      case UNPRICED -> totals.unpriced();
      case LATENCY -> totals.averageLatency().map(Duration::toNanos).orElse(0L);
    };
  }
}
