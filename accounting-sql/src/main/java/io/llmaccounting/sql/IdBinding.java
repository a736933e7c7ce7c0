package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.BindingGetResultSetContext;
import io.llmaccounting.shaded.jooq.BindingSetStatementContext;
import io.llmaccounting.shaded.jooq.SQLDialect;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;

/** Ids in jOOQ: 16 bytes on SQLite, whose order is that of time, and the uuid type elsewhere. */
final class IdBinding extends StoredBinding<UUID> {
  private static final long serialVersionUID = 1L;

  IdBinding() {
    super(UUID.class);
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
}
