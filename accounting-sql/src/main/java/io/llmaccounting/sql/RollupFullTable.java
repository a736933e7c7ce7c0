package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** Dimensions of days of which rollups tell no more names apart. */
public final class RollupFullTable extends StoreTable {
  public static final RollupFullTable ROLLUP_FULL = new RollupFullTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, Long> day = number("day");
  public final TableField<Record, Long> dimension = number("dimension");

  private RollupFullTable() {
    super("rollup_full");
  }
}
