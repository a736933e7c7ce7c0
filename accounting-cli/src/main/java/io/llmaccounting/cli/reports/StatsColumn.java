package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Dollars;
import io.llmaccounting.cli.console.Known;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Distribution;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A figure of a row.
 *
 * @param column its name and kind
 * @param value reads it from a row; null where it is not known
 */
record StatsColumn(Column column, Function<ReportRow, @Nullable Object> value) {
  private static final Set<String> ALWAYS =
      Set.of("calls", "input_tokens", "output_tokens", "cost");
  private static final int[] PERCENTILES = {50, 90, 95, 99};

  /** The few columns that people read beside names and bars. */
  static List<StatsColumn> few() {
    return List.of(
        count("calls", UsageTotals::calls),
        total(
            Column.number("failed"),
            totals -> totals.failed() == 0 ? 0L : Shown.in(Tone.BAD, totals.failed())),
        tokens(Column.number("input_tokens").titled("input"), TokenUsage::input),
        tokens(Column.number("output_tokens").titled("output"), TokenUsage::output),
        total(Column.amount("cost"), Known::cost),
        total(
            Column.duration("average_latency").titled("avg latency").asSpare(),
            totals -> totals.averageLatency().orElse(null)));
  }

  /** What the one row of a report has for people: no zeros and nothing unknown, a few excepted. */
  boolean isTelling(@Nullable Object given) {
    Object found = given instanceof Shown shown ? shown.value() : given;
    boolean isNothing =
        found == null
            || (found instanceof Long number && number == 0)
            || (found instanceof BigDecimal decimal && decimal.signum() == 0);
    return !isNothing || ALWAYS.contains(column.name());
  }

  /** A figure as people read it in the one row of a report. */
  @Nullable Object forPeople(ReportRow row) {
    Object found = value.apply(row);
    return found instanceof BigDecimal decimal && column.kind() == Column.Kind.DECIMAL
        ? decimal.setScale(2, RoundingMode.HALF_UP)
        : found;
  }

  /**
   * Columns that are printed in addition where a row has a value, because they say how sure the
   * others are.
   */
  static List<StatsColumn> doubts() {
    return List.of(
        doubt("unpriced", UsageTotals::unpriced),
        doubt("missing", UsageTotals::missing),
        doubt("estimated", UsageTotals::estimated),
        doubt("partial", UsageTotals::partial));
  }

  /** Whether a row of {@code report} has any. */
  boolean isAbove0(UsageReport report) {
    return report.rows().stream().map(value).anyMatch(count -> count instanceof Shown);
  }

  /** Every figure that comes from sums. */
  static List<StatsColumn> all() {
    List<StatsColumn> all = new ArrayList<>();
    all.add(count("calls", UsageTotals::calls));
    all.add(count("succeeded", UsageTotals::succeeded));
    all.add(count("failed", UsageTotals::failed));
    all.add(count("cancelled", UsageTotals::cancelled));
    all.add(count("unfinished", UsageTotals::unfinished));
    all.add(count("estimated", UsageTotals::estimated));
    all.add(count("partial", UsageTotals::partial));
    all.add(count("missing", UsageTotals::missing));
    all.add(count("unpriced", UsageTotals::unpriced));
    all.add(tokens(Column.number("input_tokens"), TokenUsage::input));
    all.add(tokens(Column.number("cache_read_tokens"), TokenUsage::cacheRead));
    all.add(tokens(Column.number("cache_write_tokens"), TokenUsage::cacheWrite));
    all.add(tokens(Column.number("audio_input_tokens"), TokenUsage::audioInput));
    all.add(tokens(Column.number("output_tokens"), TokenUsage::output));
    all.add(tokens(Column.number("reasoning_tokens"), TokenUsage::reasoning));
    all.add(tokens(Column.number("audio_output_tokens"), TokenUsage::audioOutput));
    all.add(tokens(Column.number("total_tokens"), TokenUsage::total));
    all.add(count("local_input_tokens", totals -> Known.local(totals, totals.localInput())));
    all.add(count("local_output_tokens", totals -> Known.local(totals, totals.localOutput())));
    all.add(total(Column.amount("cost"), Known::cost));
    all.add(total(Column.amount("average_cost"), totals -> totals.averageCost().orElse(null)));
    all.add(average("average_input_tokens", totals -> totals.averageInputTokens().orElse(null)));
    all.add(average("average_output_tokens", totals -> totals.averageOutputTokens().orElse(null)));
    all.add(average("average_total_tokens", totals -> totals.averageTotalTokens().orElse(null)));
    all.add(
        total(Column.duration("average_latency"), totals -> totals.averageLatency().orElse(null)));
    all.add(
        total(
            Column.duration("average_time_to_first_token"),
            totals -> totals.averageTimeToFirstToken().orElse(null)));
    all.add(count("lower_bound", UsageTotals::lowerBound));
    all.add(total(Column.amount("reported_cost"), StatsColumn::reported));
    all.add(total(Column.amount("cost_difference"), StatsColumn::difference));
    return all;
  }

  /** Columns that take reading every record: smallest, largest, percentiles. */
  static List<StatsColumn> spread() {
    List<StatsColumn> spread = new ArrayList<>();
    range(spread, "input_tokens", Distribution::inputTokens, Column::number, amount -> amount);
    range(spread, "output_tokens", Distribution::outputTokens, Column::number, amount -> amount);
    range(spread, "total_tokens", Distribution::totalTokens, Column::number, amount -> amount);
    range(spread, "cost", Distribution::costNanos, Column::amount, Cost::ofNanos);
    range(spread, "latency", Distribution::latencyMicros, Column::duration, StatsColumn::micros);
    for (int percent : PERCENTILES) {
      spread.add(
          new StatsColumn(
              Column.duration("latency_p" + percent),
              row ->
                  row.distribution() == null
                      ? null
                      : row.distribution().latencyPercentile(percent).orElse(null)));
    }
    return spread;
  }

  private static Duration micros(long amount) {
    return Duration.of(amount, ChronoUnit.MICROS);
  }

  private static void range(
      List<StatsColumn> to,
      String name,
      Function<Distribution, Distribution.@Nullable Range> range,
      Function<String, Column> kind,
      Function<Long, Object> shown) {
    to.add(
        new StatsColumn(
            kind.apply("min_" + name),
            row -> {
              Distribution.Range found =
                  row.distribution() == null ? null : range.apply(row.distribution());
              return found == null ? null : shown.apply(found.min());
            }));
    to.add(
        new StatsColumn(
            kind.apply("max_" + name),
            row -> {
              Distribution.Range found =
                  row.distribution() == null ? null : range.apply(row.distribution());
              return found == null ? null : shown.apply(found.max());
            }));
  }

  private static @Nullable Object reported(UsageTotals totals) {
    UsageTotals.Sum nanos = totals.reportedCost();
    return nanos.count() == 0 ? null : Cost.ofNanos(nanos.sum());
  }

  private static @Nullable Object difference(UsageTotals totals) {
    UsageTotals.Sum nanos = totals.costDifference();
    return nanos.count() == 0 ? null : new Dollars(BigDecimal.valueOf(nanos.sum(), 9));
  }

  private static StatsColumn tokens(Column column, ToLongFunction<TokenUsage> part) {
    return total(column, totals -> Known.tokens(totals, part));
  }

  private static StatsColumn count(String name, Function<UsageTotals, @Nullable Object> value) {
    return total(Column.number(name), value);
  }

  private static StatsColumn doubt(String name, Function<UsageTotals, Long> value) {
    return total(
        Column.number(name),
        totals -> {
          long count = value.apply(totals);
          return count == 0 ? 0L : Shown.in(Tone.WARNING, count);
        });
  }

  private static StatsColumn average(String name, Function<UsageTotals, @Nullable Object> value) {
    return total(Column.decimal(name), value);
  }

  private static StatsColumn total(Column column, Function<UsageTotals, @Nullable Object> value) {
    return new StatsColumn(column, row -> value.apply(row.totals()));
  }
}
