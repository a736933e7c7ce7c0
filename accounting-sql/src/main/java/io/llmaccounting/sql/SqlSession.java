package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.DSLContext;
import io.llmaccounting.shaded.jooq.SQLDialect;
import io.llmaccounting.shaded.jooq.conf.Settings;
import io.llmaccounting.shaded.jooq.impl.DSL;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection inside a transaction. Confined to one thread at a time. */
public final class SqlSession implements AutoCloseable {
  private static final int MAX_STATEMENTS = 128;
  private final Connection connection;
  private final SqlDialect dialect;
  private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(64, 0.75f, true);
  private @Nullable DSLContext dsl;

  /** Takes a connection over, statements and all, but not its transactions. */
  public SqlSession(Connection connection, SqlDialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** The connection; its transaction belongs to whoever opened the session. */
  public Connection connection() {
    return connection;
  }

  /** Where this database differs. */
  public SqlDialect dialect() {
    return dialect;
  }

  /** jOOQ on this connection. */
  public DSLContext dsl() {
    DSLContext context = dsl;
    if (context == null) {
      context = DSL.using(connection, Rendering.of(dialect.family()), Rendering.SETTINGS);
      dsl = context;
    }
    return context;
  }

  /**
   * The statement for {@code sql}, kept with the session: not to be closed, and not to be asked for
   * again while its rows are being read.
   */
  public PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known != null) {
      return known;
    }
    if (statements.size() >= MAX_STATEMENTS) {
      var eldest = statements.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
    PreparedStatement statement = connection.prepareStatement(sql);
    statements.put(sql, statement);
    return statement;
  }

  /** Closes the statements, not the connection. */
  @Override
  public void close() throws SQLException {
    SQLException failure = null;
    for (PreparedStatement statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        failure = e;
      }
    }
    statements.clear();
    if (failure != null) {
      throw failure;
    }
  }

  /** Apart, so that sessions of plain statements load none of it. */
  private static final class Rendering {
    static final Settings SETTINGS =
        new Settings()
            .withRenderSchema(false)
            .withRenderCatalog(false)
            .withExecuteLogging(false)
            .withDiagnosticsLogging(false)
            .withReturnIdentityOnUpdatableRecord(false);

    static SQLDialect of(SqlDialect.Family family) {
      return family == SqlDialect.Family.SQLITE ? SQLDialect.SQLITE : SQLDialect.POSTGRES;
    }
  }
}
