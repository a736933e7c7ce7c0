package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Knows what each limit of a database measures, to format amounts that are stored with no more than
 * the limit's name.
 */
record MetricsOfLimits(Map<String, Metric> byName) {
  static MetricsOfLimits of(Run run) {
    return new MetricsOfLimits(
        run.accounting().limits().list().stream()
            .collect(Collectors.toMap(Limit::name, Limit::metric)));
  }

  /** Null where the limit is gone: what it measured is not known any more. */
  @Nullable Object amount(String limit, long amount) {
    Metric metric = byName.get(limit);
    return metric == null ? null : Amounts.of(metric, amount);
  }
}
