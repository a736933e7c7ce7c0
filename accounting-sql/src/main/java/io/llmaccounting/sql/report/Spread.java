package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Columns;
import io.llmaccounting.usage.Distribution;
import io.llmaccounting.usage.Distribution.Range;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Smallest and largest values, in the order of a distribution; null where there is none. */
record Spread(
    @Nullable Range input,
    @Nullable Range output,
    @Nullable Range total,
    @Nullable Range cost,
    @Nullable Range latency) {

  static final Spread EMPTY = new Spread(null, null, null, null, null);

  /** What {@link #read} reads. */
  static final List<String> FIELDS = fields();

  private static List<String> fields() {
    String input = String.join(" + ", SumColumns.INPUT);
    String output = String.join(" + ", SumColumns.OUTPUT);
    return Stream.of(input, output, input + " + " + output, SumColumns.COST, "e.latency")
        .flatMap(value -> Stream.of("min(" + value + ")", "max(" + value + ")"))
        .toList();
  }

  static Spread read(Columns from) throws SQLException {
    return new Spread(range(from), range(from), range(from), range(from), range(from));
  }

  private static @Nullable Range range(Columns from) throws SQLException {
    Long min = from.optionalNumber();
    Long max = from.optionalNumber();
    return min == null || max == null ? null : new Range(min, max);
  }

  Spread plus(Spread other) {
    return new Spread(
        join(input, other.input),
        join(output, other.output),
        join(total, other.total),
        join(cost, other.cost),
        join(latency, other.latency));
  }

  private static @Nullable Range join(@Nullable Range one, @Nullable Range other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return new Range(Math.min(one.min(), other.min()), Math.max(one.max(), other.max()));
  }

  Distribution with(Map<Integer, Long> latencyPercentiles) {
    return new Distribution(input, output, total, cost, latency, latencyPercentiles);
  }
}
