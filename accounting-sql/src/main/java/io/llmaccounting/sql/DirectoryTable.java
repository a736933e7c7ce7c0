package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** The table of known projects, and the table of known users, which has the same form. */
public final class DirectoryTable extends StoreTable {
  public static final DirectoryTable PROJECT = new DirectoryTable("project");
  public static final DirectoryTable APP_USER = new DirectoryTable("app_user");

  private static final long serialVersionUID = 1L;

  public final TableField<Record, String> name = text("name");
  public final TableField<Record, String> organisationUnit = text("organisation_unit");
  public final TableField<Record, String> email = text("email");
  public final TableField<Record, Boolean> active = flag("active");
  public final TableField<Record, Long> activatedAt = number("activated_at");
  public final TableField<Record, Long> deactivatedAt = number("deactivated_at");

  private DirectoryTable(String name) {
    super(name);
  }
}
