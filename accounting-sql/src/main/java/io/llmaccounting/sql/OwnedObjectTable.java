package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** Whose the objects are that providers keep. */
public final class OwnedObjectTable extends StoreTable {
  public static final OwnedObjectTable OWNED_OBJECT = new OwnedObjectTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, String> handle = text("handle");
  public final TableField<Record, String> owner = text("owner");
  public final TableField<Record, String> credential = text("credential");
  public final TableField<Record, Long> expiresAt = number("expires_at");

  private OwnedObjectTable() {
    super("owned_object");
  }
}
