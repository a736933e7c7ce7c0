package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Binding;
import io.llmaccounting.shaded.jooq.BindingGetSQLInputContext;
import io.llmaccounting.shaded.jooq.BindingGetStatementContext;
import io.llmaccounting.shaded.jooq.BindingRegisterContext;
import io.llmaccounting.shaded.jooq.BindingSQLContext;
import io.llmaccounting.shaded.jooq.BindingSetSQLOutputContext;
import io.llmaccounting.shaded.jooq.Converter;
import io.llmaccounting.shaded.jooq.Converters;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/** How jOOQ binds and reads what the databases keep in forms of their own. */
abstract class StoredBinding<T> implements Binding<T, T> {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;

  StoredBinding(Class<T> type) {
    this.type = type;
  }

  @Override
  public final Converter<T, T> converter() {
    return Converters.identity(type);
  }

  @Override
  public void sql(BindingSQLContext<T> context) {
    context.render().sql(context.variable());
  }

  @Override
  public final void register(BindingRegisterContext<T> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void set(BindingSetSQLOutputContext<T> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void get(BindingGetStatementContext<T> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void get(BindingGetSQLInputContext<T> context) throws SQLException {
    throw unsupported();
  }

  private static SQLFeatureNotSupportedException unsupported() {
    return new SQLFeatureNotSupportedException(
        "values are bound to statements and read from rows only");
  }
}
