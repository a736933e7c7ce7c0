package io.llmaccounting.cli.reports;

import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.util.function.ToLongFunction;

/** What rows are ranked by, and what their bars show. */
enum Ranking {
  COST(totals -> totals.cost().nanos()),
  CALLS(UsageTotals::calls),
  TOKENS(totals -> totals.tokens().total()),
  INPUT_TOKENS(totals -> totals.tokens().input()),
  OUTPUT_TOKENS(totals -> totals.tokens().output()),
  FAILED(UsageTotals::failed),
  UNPRICED(UsageTotals::unpriced),
  LATENCY(totals -> totals.averageLatency().map(Duration::toNanos).orElse(0L));

  private final ToLongFunction<UsageTotals> measure;

  Ranking(ToLongFunction<UsageTotals> measure) {
    this.measure = measure;
  }

  long of(UsageTotals totals) {
    return measure.applyAsLong(totals);
  }
}
