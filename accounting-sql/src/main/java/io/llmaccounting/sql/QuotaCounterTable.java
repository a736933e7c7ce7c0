package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** States of counters. */
public final class QuotaCounterTable extends StoreTable {
  public static final QuotaCounterTable QUOTA_COUNTER = new QuotaCounterTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, Long> limitId = number("limit_id");
  public final TableField<Record, String> subject = text("subject");
  public final TableField<Record, Long> asOf = number("as_of");
  public final TableField<Record, byte[]> state = bytes("state");

  public final TableField<Record, Long> idleFrom = number("idle_from");
  public final TableField<Record, Long> idleAsOf = number("idle_as_of");

  private QuotaCounterTable() {
    super("quota_counter");
  }
}
