package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** What counters go on counting of purged records. */
public final class QuotaBaseTable extends StoreTable {
  public static final QuotaBaseTable QUOTA_BASE = new QuotaBaseTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, Long> limitId = number("limit_id");
  public final TableField<Record, String> subject = text("subject");
  public final TableField<Record, Long> asOf = number("as_of");
  public final TableField<Record, byte[]> state = bytes("state");

  private QuotaBaseTable() {
    super("quota_base");
  }
}
