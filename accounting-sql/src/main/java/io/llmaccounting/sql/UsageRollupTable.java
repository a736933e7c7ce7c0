package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** Sums of usage by bucket of occurredAt; the empty text stands for no value. */
public final class UsageRollupTable extends StoreTable {
  public static final UsageRollupTable USAGE_ROLLUP = new UsageRollupTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, Long> family = number("family");
  public final TableField<Record, Long> grain = number("grain");
  public final TableField<Record, Long> bucket = number("bucket");
  public final TableField<Record, String> project = text("project");
  public final TableField<Record, String> model = text("model");
  public final TableField<Record, String> user = text("user_name");
  public final TableField<Record, String> caller = text("caller");
  public final TableField<Record, String> provider = text("provider");
  public final TableField<Record, Long> calls = number("calls");
  public final TableField<Record, Long> failed = number("failed");
  public final TableField<Record, Long> cancelled = number("cancelled");
  public final TableField<Record, Long> unfinished = number("unfinished");
  public final TableField<Record, Long> estimated = number("estimated");
  public final TableField<Record, Long> partial = number("partial");
  public final TableField<Record, Long> missing = number("missing");
  public final TableField<Record, Long> unpriced = number("unpriced");
  public final TableField<Record, Long> uncachedInput = number("uncached_input");
  public final TableField<Record, Long> cacheRead = number("cache_read");
  public final TableField<Record, Long> cacheWrite5m = number("cache_write_5m");
  public final TableField<Record, Long> cacheWrite1h = number("cache_write_1h");
  public final TableField<Record, Long> audioInput = number("audio_input");
  public final TableField<Record, Long> textOutput = number("text_output");
  public final TableField<Record, Long> reasoning = number("reasoning");
  public final TableField<Record, Long> audioOutput = number("audio_output");
  public final TableField<Record, Long> cost = number("cost");
  public final TableField<Record, Long> localInputCount = number("local_input_count");
  public final TableField<Record, Long> localInputSum = number("local_input_sum");
  public final TableField<Record, Long> localOutputCount = number("local_output_count");
  public final TableField<Record, Long> localOutputSum = number("local_output_sum");
  public final TableField<Record, Long> latencyCount = number("latency_count");
  public final TableField<Record, Long> latencySum = number("latency_sum");
  public final TableField<Record, Long> firstTokenCount = number("first_token_count");
  public final TableField<Record, Long> firstTokenSum = number("first_token_sum");
  public final TableField<Record, Long> lowerBound = number("lower_bound");
  public final TableField<Record, Long> reportedCostCount = number("reported_cost_count");
  public final TableField<Record, Long> reportedCostSum = number("reported_cost_sum");
  public final TableField<Record, Long> costDifferenceCount = number("cost_difference_count");
  public final TableField<Record, Long> costDifferenceSum = number("cost_difference_sum");

  private UsageRollupTable() {
    super("usage_rollup");
  }
}
