package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.TableField;

/** Numbers of the whole store. */
public final class SettingsTable extends StoreTable {
  public static final SettingsTable SETTINGS = new SettingsTable();

  private static final long serialVersionUID = 1L;

  public final TableField<Record, String> name = text("name");
  public final TableField<Record, Long> value = number("value");

  private SettingsTable() {
    super("settings");
  }
}
