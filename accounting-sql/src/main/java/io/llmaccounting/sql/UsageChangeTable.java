package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** Records that were made or corrected while limits were counted anew. */
public final class UsageChangeTable extends StoreTable {
  public static final UsageChangeTable USAGE_CHANGE = new UsageChangeTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> usageId = id("usage_id");
  public final TableField<Record, Long> seq = number("seq");

  private UsageChangeTable() {
    super("usage_change");
  }
}
