package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** The audit trail. */
public final class AuditEntryTable extends StoreTable {
  public static final AuditEntryTable AUDIT_ENTRY = new AuditEntryTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> id = id("id");
  public final TableField<Record, Long> at = number("at");
  public final TableField<Record, String> type = text("type");
  public final TableField<Record, String> actor = text("actor");
  public final TableField<Record, String> outcome = text("outcome");
  public final TableField<Record, String> model = text("model");
  public final TableField<Record, String> project = text("project");
  public final TableField<Record, String> user = text("user_name");
  public final TableField<Record, String> caller = text("caller");
  public final TableField<Record, String> session = text("session");
  public final TableField<Record, UUID> usageId = id("usage_id");
  public final TableField<Record, String> responseId = text("response_id");
  public final TableField<Record, String> prompt = text("prompt");
  public final TableField<Record, String> response = text("response");
  public final TableField<Record, String> attributes = text("attributes");
  public final TableField<Record, String> marks = text("marks");
  public final TableField<Record, UUID> stream = id("stream");
  public final TableField<Record, Long> sequence = number("sequence");
  public final TableField<Record, Long> sealVersion = number("seal_version");
  public final TableField<Record, String> sealKey = text("seal_key");
  public final TableField<Record, String> hash = text("hash");
  public final TableField<Record, String> sealSalt = text("seal_salt");
  public final TableField<Record, String> sealedDigest = text("sealed_digest");
  public final TableField<Record, UUID> attestedBy = id("attested_by");

  private AuditEntryTable() {
    super("audit_entry");
  }
}
