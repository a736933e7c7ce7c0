package io.llmaccounting.sql.report;

import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.SQLDialect;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.sql.Dialect;

/** The text under a name of a flat JSON object, null where there is none. */
final class JsonText {
  private JsonText() {}

  // On SQLite by comparing names: its paths and arrows read some names as something else.
  static Field<String> of(Dialect dialect, Field<String> json, String name) {
    String expression =
        dialect.jooq().family() == SQLDialect.SQLITE
            ? "(select t.value from json_each({0}) t where t.key = {1})"
            : "({0} ->> {1})";
    return DSL.field(expression, String.class, json, DSL.inline(name));
  }
}
