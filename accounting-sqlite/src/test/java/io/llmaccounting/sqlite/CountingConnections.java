package io.llmaccounting.sqlite;

import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.ProgressHandler;

/**
 * One connection that counts what is done through it: statements, and the steps of SQLite's virtual
 * machine, of which every row that is looked at costs some.
 */
final class CountingConnections implements Connections, AutoCloseable {
  final AtomicLong statements = new AtomicLong();
  final AtomicLong steps = new AtomicLong();
  private final Connection connection;
  private final SqlSession session;

  CountingConnections(SqliteFile file, SqlDialect dialect) throws SQLException {
    this.connection = file.openWriter();
    ProgressHandler.setHandler(
        connection,
        1,
        new ProgressHandler() {
          @Override
          protected int progress() {
            steps.incrementAndGet();
            return 0;
          }
        });
    this.session = new SqlSession(counting(Connection.class, connection), dialect);
  }

  private <T> T counting(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("execute")) {
                statements.incrementAndGet();
              }
              try {
                Object result = method.invoke(target, arguments);
                return result instanceof PreparedStatement prepared
                    ? counting(PreparedStatement.class, prepared)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public <T> T read(SqlWork<T> work) {
    return write(work);
  }

  @Override
  public <T> T write(SqlWork<T> work) {
    try {
      connection.setAutoCommit(false);
      T result = work.run(session);
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws SQLException {
    ProgressHandler.clearHandler(connection);
    session.close();
    connection.close();
  }
}
