package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** Names that rollups of a day tell apart. */
public final class RollupNameTable extends StoreTable {
  public static final RollupNameTable ROLLUP_NAME = new RollupNameTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, Long> day = number("day");
  public final TableField<Record, Long> dimension = number("dimension");
  public final TableField<Record, String> name = text("name");

  private RollupNameTable() {
    super("rollup_name");
  }
}
