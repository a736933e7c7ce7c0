package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/**
 * What became known of records later; the row with the highest seq says all that counts now.
 * Figures are those of the record where source is null; priced_by is null where the cost is that of
 * the figures.
 */
public final class UsageAdjustmentTable extends StoreTable {
  public static final UsageAdjustmentTable USAGE_ADJUSTMENT = new UsageAdjustmentTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> usageId = id("usage_id");
  public final TableField<Record, Long> seq = number("seq");
  public final TableField<Record, Long> cost = number("cost");
  public final TableField<Record, String> pricedBy = text("priced_by");
  public final TableField<Record, Long> at = number("at");
  public final TableField<Record, Boolean> lowerBound = flag("lower_bound");
  public final TableField<Record, Long> uncachedInput = number("uncached_input");
  public final TableField<Record, Long> cacheRead = number("cache_read");
  public final TableField<Record, Long> cacheWrite5m = number("cache_write_5m");
  public final TableField<Record, Long> cacheWrite1h = number("cache_write_1h");
  public final TableField<Record, Long> audioInput = number("audio_input");
  public final TableField<Record, Long> textOutput = number("text_output");
  public final TableField<Record, Long> reasoning = number("reasoning");
  public final TableField<Record, Long> audioOutput = number("audio_output");
  public final TableField<Record, Long> reportedTotal = number("reported_total");
  public final TableField<Record, String> source = text("source");
  public final TableField<Record, String> outcome = text("outcome");
  public final TableField<Record, String> extras = text("extras");
  public final TableField<Record, String> parts = text("parts");
  public final TableField<Record, Long> givenCost = number("given_cost");
  public final TableField<Record, Long> reportedCost = number("reported_cost");
  public final TableField<Record, Boolean> prefersComputed = flag("prefers_computed");
  public final TableField<Record, Long> computedCost = number("computed_cost");
  public final TableField<Record, String> computedBy = text("computed_by");
  public final TableField<Record, Boolean> computedLowerBound = flag("computed_lower_bound");

  private UsageAdjustmentTable() {
    super("usage_adjustment");
  }
}
