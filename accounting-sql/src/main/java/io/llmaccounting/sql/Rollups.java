package io.llmaccounting.sql;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageTotals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Adds records up and adds the sums to usage_rollup. Confined to one thread. */
public final class Rollups {
  /** The columns that are added up, in the order of the table, behind those of the key. */
  public static final List<String> SUMS =
      List.of(
          ("calls failed cancelled unfinished estimated partial missing unpriced uncached_input"
                  + " cache_read cache_write_5m cache_write_1h audio_input text_output reasoning"
                  + " audio_output cost local_input_count local_input_sum local_output_count"
                  + " local_output_sum latency_count latency_sum first_token_count first_token_sum"
                  + " lower_bound reported_cost_count reported_cost_sum cost_difference_count"
                  + " cost_difference_sum")
              .split(" "));

  // So that there is one to set, also where a correction changes nothing.
  private static final String ALWAYS = "calls";

  private final Map<RollupKey, UsageTotals> finest = new HashMap<>();

  /** Renders the statement that adds sums to what is there. */
  static LeanInsert upsert(SqlDialect dialect) {
    List<String> columns = new ArrayList<>(RollupKey.COLUMNS);
    columns.addAll(SUMS);
    String key = dialect.shards().key(String.join(", ", RollupKey.COLUMNS));
    return new LeanInsert(
        dialect,
        "usage_rollup",
        columns,
        LeanInsert.Nothing.ZERO,
        sent ->
            SUMS.stream()
                .filter(sum -> sum.equals(ALWAYS) || sent.test(sum))
                .map(
                    sum -> sum + " = " + SaturatedSql.sum("usage_rollup." + sum, "excluded." + sum))
                .collect(
                    Collectors.joining(", ", " ON CONFLICT (" + key + ") DO UPDATE SET ", "")));
  }

  /** Adds one record, to the row that {@code fold} says. */
  public void add(RecordedUsage recorded, UnaryOperator<RollupKey> fold) {
    RollupKey key = fold.apply(RollupKey.finest(recorded.usage()));
    finest.merge(key, UsageTotals.of(recorded), UsageTotals::plus);
  }

  /** Every row of every family and grain that the records added so far make, in key order. */
  public NavigableMap<RollupKey, UsageTotals> rows() {
    NavigableMap<RollupKey, UsageTotals> rows = new TreeMap<>();
    finest.forEach(
        (key, totals) -> {
          rows.merge(key, totals, UsageTotals::plus);
          rows.merge(key.ofDay(), totals, UsageTotals::plus);
          rows.merge(key.coarse(), totals, UsageTotals::plus);
          rows.merge(key.ofDay().coarse(), totals, UsageTotals::plus);
        });
    return rows;
  }

  /** Adds rows to those that are stored. */
  public static void write(SqlSession session, SortedMap<RollupKey, UsageTotals> rows)
      throws SQLException {
    Pipeline alone = new Pipeline(session);
    write(alone, upsert(session.dialect()), session.dialect().shards(), rows);
    alone.run();
  }

  /** Adds sums, which may be negative, to rows; a row that gets a negative sum must be there. */
  static void addSums(SqlSession session, SortedMap<RollupKey, long[]> sums) throws SQLException {
    Shards shards = session.dialect().shards();
    Pipeline alone = new Pipeline(session);
    upsert(session.dialect())
        .add(
            alone,
            new ArrayList<>(sums.entrySet()),
            (row, to) -> {
              shards.bind(row.getKey().project(), to);
              bind(row.getKey(), row.getValue(), to);
            },
            null);
    alone.run();
  }

  /** Adds rows to those that are stored, by {@link #upsert}. */
  static void write(
      Pipeline pipeline, LeanInsert upsert, Shards shards, SortedMap<RollupKey, UsageTotals> rows)
      throws SQLException {
    upsert.add(
        pipeline,
        new ArrayList<>(rows.entrySet()),
        (row, to) -> {
          shards.bind(row.getKey().project(), to);
          bind(row.getKey(), sums(row.getValue()), to);
        },
        null);
  }

  private static void bind(RollupKey key, long[] sums, Parameters to) throws SQLException {
    key.bind(to);
    for (long sum : sums) {
      to.number(sum);
    }
  }

  /** The sums, in the order of the table. */
  public static long[] sums(UsageTotals totals) {
    TokenUsage tokens = totals.tokens();
    return new long[] {
      totals.calls(),
      totals.failed(),
      totals.cancelled(),
      totals.unfinished(),
      totals.estimated(),
      totals.partial(),
      totals.missing(),
      totals.unpriced(),
      tokens.uncachedInput(),
      tokens.cacheRead(),
      tokens.cacheWrite5m(),
      tokens.cacheWrite1h(),
      tokens.audioInput(),
      tokens.textOutput(),
      tokens.reasoning(),
      tokens.audioOutput(),
      totals.cost().nanos(),
      totals.localInput().count(),
      totals.localInput().sum(),
      totals.localOutput().count(),
      totals.localOutput().sum(),
      totals.latency().count(),
      totals.latency().sum(),
      totals.timeToFirstToken().count(),
      totals.timeToFirstToken().sum(),
      totals.lowerBound(),
      totals.reportedCost().count(),
      totals.reportedCost().sum(),
      totals.costDifference().count(),
      totals.costDifference().sum()
    };
  }

  /** Reads the columns of sums, in the order of the table. */
  public static UsageTotals read(Columns from) throws SQLException {
    return new UsageTotals(
        from.number(),
        from.number(),
        from.number(),
        from.number(),
        from.number(),
        from.number(),
        from.number(),
        from.number(),
        new TokenUsage(
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            from.number(),
            null),
        Cost.ofNanos(from.number()),
        sum(from),
        sum(from),
        sum(from),
        sum(from),
        from.number(),
        sum(from),
        sum(from));
  }

  private static UsageTotals.Sum sum(Columns from) throws SQLException {
    return new UsageTotals.Sum(from.number(), from.number());
  }
}
