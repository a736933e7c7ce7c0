package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** Limits. */
public final class QuotaLimitTable extends StoreTable {
  public static final QuotaLimitTable QUOTA_LIMIT = new QuotaLimitTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, Long> id = number("id");
  public final TableField<Record, String> name = text("name");
  public final TableField<Record, String> who = text("who");
  public final TableField<Record, String> metric = text("metric");
  public final TableField<Record, Long> maximum = number("maximum");
  public final TableField<Record, String> windowRule = text("window_rule");
  public final TableField<Record, String> action = text("action");
  public final TableField<Record, String> alertPercents = text("alert_percents");
  public final TableField<Record, Long> openAmount = number("open_amount");
  public final TableField<Record, String> unpriced = text("unpriced");
  public final TableField<Record, Long> unpricedCeiling = number("unpriced_ceiling");
  public final TableField<Record, Long> grain = number("grain");
  public final TableField<Record, String> weights = text("weights");

  private QuotaLimitTable() {
    super("quota_limit");
  }
}
