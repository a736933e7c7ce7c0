package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** Refused reserves by minute. */
public final class QuotaDenialTable extends StoreTable {
  public static final QuotaDenialTable QUOTA_DENIAL = new QuotaDenialTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, String> limitName = text("limit_name");
  public final TableField<Record, String> subject = text("subject");
  public final TableField<Record, Long> minute = number("minute");
  public final TableField<Record, Long> denials = number("denials");
  public final TableField<Record, Long> lastRequested = number("last_requested");
  public final TableField<Record, String> lastReason = text("last_reason");

  private QuotaDenialTable() {
    super("quota_denial");
  }
}
