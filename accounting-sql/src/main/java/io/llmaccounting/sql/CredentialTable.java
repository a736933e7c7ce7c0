package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** The credentials of providers. */
public final class CredentialTable extends StoreTable {
  public static final CredentialTable PROVIDER_CREDENTIAL = new CredentialTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> id = id("id");
  public final TableField<Record, String> project = text("project");
  public final TableField<Record, String> upstream = text("upstream");
  public final TableField<Record, String> name = text("name");
  public final TableField<Record, byte[]> sealed = bytes("sealed");
  public final TableField<Record, String> sealedBy = text("sealed_by");
  public final TableField<Record, Long> createdAt = number("created_at");

  private CredentialTable() {
    super("provider_credential");
  }
}
