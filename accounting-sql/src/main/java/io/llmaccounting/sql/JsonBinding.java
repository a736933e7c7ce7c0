package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.BindingGetResultSetContext;
import io.llmaccounting.shaded.jooq.BindingSQLContext;
import io.llmaccounting.shaded.jooq.BindingSetStatementContext;
import io.llmaccounting.shaded.jooq.SQLDialect;
import java.sql.SQLException;

/** JSON in jOOQ: its text on SQLite, and the jsonb type elsewhere. */
final class JsonBinding extends StoredBinding<String> {
  private static final long serialVersionUID = 1L;

  JsonBinding() {
    super(String.class);
  }

  @Override
  public void sql(BindingSQLContext<String> context) {
    super.sql(context);
    if (context.family() != SQLDialect.SQLITE) {
      context.render().sql("::jsonb");
    }
  }

  @Override
  public void set(BindingSetStatementContext<String> context) throws SQLException {
    context.statement().setString(context.index(), context.value());
  }

  @Override
  public void get(BindingGetResultSetContext<String> context) throws SQLException {
    context.value(context.resultSet().getString(context.index()));
  }
}
