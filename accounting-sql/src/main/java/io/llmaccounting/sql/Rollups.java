package io.llmaccounting.sql;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageTotals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Adds records up and adds the sums to usage_rollup. Confined to one thread. */
public final class Rollups {
  private static final String KEY =
      "family, grain, bucket, project, model, user_name, caller, provider";
  private static final String[] SUMS =
      ("calls failed cancelled unfinished estimated partial missing unpriced uncached_input"
              + " cache_read cache_write_5m cache_write_1h audio_input text_output reasoning"
              + " audio_output cost local_input_count local_input_sum local_output_count"
              + " local_output_sum latency_count latency_sum first_token_count first_token_sum")
          .split(" ");

  private final Map<RollupKey, UsageTotals> finest = new HashMap<>();

  /** Renders the statement that adds sums to what is there. */
  static MultiRow upsert(Dialect dialect) {
    String key = dialect.shards().key(KEY);
    String columns = key + ", " + String.join(", ", SUMS);
    return new MultiRow(
        dialect,
        "INSERT INTO usage_rollup (" + columns + ") ",
        columns.split(",").length,
        Stream.of(SUMS)
            .map(sum -> "%1$s = usage_rollup.%1$s + excluded.%1$s".formatted(sum))
            .collect(Collectors.joining(", ", " ON CONFLICT (" + key + ") DO UPDATE SET ", "")));
  }

  /** Adds one record. */
  public void add(RecordedUsage recorded) {
    finest.merge(RollupKey.finest(recorded.usage()), UsageTotals.of(recorded), UsageTotals::plus);
  }

  /** Every row of every family and grain that the records added so far make, in key order. */
  public SortedMap<RollupKey, UsageTotals> rows() {
    SortedMap<RollupKey, UsageTotals> rows = new TreeMap<>();
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

  /** Adds the rows to those that are stored, by {@link #upsert}. */
  void write(Pipeline pipeline, MultiRow upsert, Shards shards) throws SQLException {
    write(pipeline, upsert, shards, rows());
  }

  private static void write(
      Pipeline pipeline, MultiRow upsert, Shards shards, SortedMap<RollupKey, UsageTotals> rows)
      throws SQLException {
    upsert.add(
        pipeline,
        new ArrayList<>(rows.entrySet()),
        (row, to) -> {
          shards.bind(row.getKey().project(), to);
          bind(row, to);
        });
  }

  private static void bind(Map.Entry<RollupKey, UsageTotals> row, Parameters to)
      throws SQLException {
    RollupKey key = row.getKey();
    to.number(key.family())
        .number(key.grain())
        .number(key.bucket())
        .text(key.project())
        .text(key.model())
        .text(key.user())
        .text(key.caller())
        .text(key.provider());
    UsageTotals totals = row.getValue();
    to.number(totals.calls())
        .number(totals.failed())
        .number(totals.cancelled())
        .number(totals.unfinished())
        .number(totals.estimated())
        .number(totals.partial())
        .number(totals.missing())
        .number(totals.unpriced());
    bind(totals.tokens(), to);
    to.number(totals.cost().nanos());
    bind(totals.localInput(), to);
    bind(totals.localOutput(), to);
    bind(totals.latency(), to);
    bind(totals.timeToFirstToken(), to);
  }

  private static void bind(TokenUsage tokens, Parameters to) throws SQLException {
    to.number(tokens.uncachedInput())
        .number(tokens.cacheRead())
        .number(tokens.cacheWrite5m())
        .number(tokens.cacheWrite1h())
        .number(tokens.audioInput())
        .number(tokens.textOutput())
        .number(tokens.reasoning())
        .number(tokens.audioOutput());
  }

  private static void bind(UsageTotals.Sum sum, Parameters to) throws SQLException {
    to.number(sum.count()).number(sum.sum());
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
        sum(from));
  }

  private static UsageTotals.Sum sum(Columns from) throws SQLException {
    return new UsageTotals.Sum(from.number(), from.number());
  }
}
