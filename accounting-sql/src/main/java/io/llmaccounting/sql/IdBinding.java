package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Binding;
import io.llmaccounting.shaded.jooq.BindingGetResultSetContext;
import io.llmaccounting.shaded.jooq.BindingGetSQLInputContext;
import io.llmaccounting.shaded.jooq.BindingGetStatementContext;
import io.llmaccounting.shaded.jooq.BindingRegisterContext;
import io.llmaccounting.shaded.jooq.BindingSQLContext;
import io.llmaccounting.shaded.jooq.BindingSetSQLOutputContext;
import io.llmaccounting.shaded.jooq.BindingSetStatementContext;
import io.llmaccounting.shaded.jooq.Converter;
import io.llmaccounting.shaded.jooq.Converters;
import io.llmaccounting.shaded.jooq.SQLDialect;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Types;
import java.util.UUID;

/** Ids in jOOQ: 16 bytes on SQLite, whose order is that of time, and the uuid type elsewhere. */
final class IdBinding implements Binding<UUID, UUID> {
  private static final long serialVersionUID = 1L;

  @Override
  public Converter<UUID, UUID> converter() {
    return Converters.identity(UUID.class);
  }

  @Override
  public void sql(BindingSQLContext<UUID> context) {
    context.render().sql(context.variable());
  }

  @Override
  public void set(BindingSetStatementContext<UUID> context) throws SQLException {
    UUID id = context.value();
    if (context.family() != SQLDialect.SQLITE) {
      context.statement().setObject(context.index(), id);
    } else if (id == null) {
      context.statement().setNull(context.index(), Types.BLOB);
    } else {
      context.statement().setBytes(context.index(), IdBytes.of(id));
    }
  }

  @Override
  public void get(BindingGetResultSetContext<UUID> context) throws SQLException {
    if (context.family() == SQLDialect.SQLITE) {
      context.value(IdBytes.id(context.resultSet().getBytes(context.index())));
    } else {
      context.value(context.resultSet().getObject(context.index(), UUID.class));
    }
  }

  @Override
  public void register(BindingRegisterContext<UUID> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void set(BindingSetSQLOutputContext<UUID> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void get(BindingGetStatementContext<UUID> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void get(BindingGetSQLInputContext<UUID> context) throws SQLException {
    throw unsupported();
  }

  private static SQLFeatureNotSupportedException unsupported() {
    return new SQLFeatureNotSupportedException(
        "ids are bound to statements and read from rows only");
  }
}
