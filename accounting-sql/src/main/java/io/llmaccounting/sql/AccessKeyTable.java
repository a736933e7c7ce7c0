package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;
import java.util.UUID;

/** The keys by which callers are known. */
public final class AccessKeyTable extends StoreTable {
  public static final AccessKeyTable ACCESS_KEY = new AccessKeyTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, UUID> id = id("id");
  public final TableField<Record, String> digest = text("digest");
  public final TableField<Record, String> formerDigest = text("former_digest");
  public final TableField<Record, Long> formerUntil = number("former_until");
  public final TableField<Record, String> hint = text("hint");
  public final TableField<Record, String> name = text("name");
  public final TableField<Record, String> project = text("project");
  public final TableField<Record, String> user = text("user_name");
  public final TableField<Record, String> tags = json("tags");
  public final TableField<Record, String> models = json("models");
  public final TableField<Record, String> providers = json("providers");
  public final TableField<Record, String> roles = text("roles");
  public final TableField<Record, Long> createdAt = number("created_at");
  public final TableField<Record, Long> expiresAt = number("expires_at");
  public final TableField<Record, Long> revokedAt = number("revoked_at");
  public final TableField<Record, Long> lastUsedAt = number("last_used_at");

  private AccessKeyTable() {
    super("access_key");
  }
}
