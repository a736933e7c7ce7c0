package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** Idempotency keys; the project of calls without one is the empty text. */
public final class UsageKeyTable extends StoreTable {
  public static final UsageKeyTable USAGE_KEY = new UsageKeyTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, String> project = text("project");
  public final TableField<Record, String> idempotencyKey = text("idempotency_key");
  public final TableField<Record, UUID> usageId = id("usage_id");
  public final TableField<Record, byte[]> fingerprint = bytes("fingerprint");

  private UsageKeyTable() {
    super("usage_key");
  }
}
