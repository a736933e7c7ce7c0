package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** Corrections of costs; the one with the highest seq counts. */
public final class UsageAdjustmentTable extends StoreTable {
  public static final UsageAdjustmentTable USAGE_ADJUSTMENT = new UsageAdjustmentTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> usageId = id("usage_id");
  public final TableField<Record, Long> seq = number("seq");
  public final TableField<Record, Long> cost = number("cost");
  public final TableField<Record, String> pricedBy = text("priced_by");
  public final TableField<Record, Long> at = number("at");
  public final TableField<Record, Boolean> lowerBound = flag("lower_bound");

  private UsageAdjustmentTable() {
    super("usage_adjustment");
  }
}
