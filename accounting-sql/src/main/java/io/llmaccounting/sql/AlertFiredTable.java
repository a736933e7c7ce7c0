package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** Fired alerts. */
public final class AlertFiredTable extends StoreTable {
  public static final AlertFiredTable ALERT_FIRED = new AlertFiredTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> id = id("id");
  public final TableField<Record, String> limitName = text("limit_name");
  public final TableField<Record, String> subject = text("subject");
  public final TableField<Record, Long> percent = number("percent");
  public final TableField<Record, Long> firedAt = number("fired_at");
  public final TableField<Record, Long> used = number("used");
  public final TableField<Record, Long> maximum = number("maximum");
  public final TableField<Record, Boolean> delivered = flag("delivered");

  private AlertFiredTable() {
    super("alert_fired");
  }
}
