package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** Holds that were neither settled nor released. */
public final class QuotaHoldTable extends StoreTable {
  public static final QuotaHoldTable QUOTA_HOLD = new QuotaHoldTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> id = id("id");
  public final TableField<Record, String> model = text("model");
  public final TableField<Record, String> provider = text("provider");
  public final TableField<Record, String> project = text("project");
  public final TableField<Record, String> user = text("user_name");
  public final TableField<Record, String> caller = text("caller");
  public final TableField<Record, String> session = text("session");
  public final TableField<Record, String> tags = text("tags");
  public final TableField<Record, Long> admittedAt = number("admitted_at");
  public final TableField<Record, Long> expiresAt = number("expires_at");
  public final TableField<Record, Long> livesMicros = number("lives_micros");
  public final TableField<Record, byte[]> amounts = bytes("amounts");

  private QuotaHoldTable() {
    super("quota_hold");
  }
}
