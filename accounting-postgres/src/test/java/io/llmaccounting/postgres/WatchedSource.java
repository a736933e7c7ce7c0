package io.llmaccounting.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.llmaccounting.sql.SqlLedger;
import io.llmaccounting.testing.postgres.PostgresServer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** Connections that look at every statement with the eyes of {@link ShardRules}. Thread-safe. */
final class WatchedSource implements AutoCloseable {
  private static final int CONNECTIONS = 12;

  private final ShardRules rules;
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private final List<String> booked = new CopyOnWriteArrayList<>();
  private final HikariDataSource pool;

  WatchedSource(PostgresServer server, boolean overServers) {
    this.rules = new ShardRules(ClusterPage.calls().get("distributed").keySet(), overServers);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url());
    config.setUsername(server.user());
    config.setPassword(server.password());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    this.pool = new HikariDataSource(config);
  }

  DataSource source() {
    return proxy(
        DataSource.class,
        pool,
        (method, arguments, result) ->
            result instanceof Connection connection ? watched(connection) : result);
  }

  /** The rules that were broken, each with its statement. */
  List<String> broken() {
    return broken.stream().distinct().toList();
  }

  /** What ledgers have asked since the last time, with what was bound. */
  List<String> booked() {
    List<String> all = List.copyOf(booked);
    booked.clear();
    return all;
  }

  private Connection watched(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, arguments, result) -> {
          if (result instanceof PreparedStatement statement) {
            String sql = (String) arguments[0];
            look(sql);
            return watched(PreparedStatement.class, statement, sql);
          }
          return result instanceof Statement statement
              ? watched(Statement.class, statement, "")
              : result;
        });
  }

  private <S extends Statement> S watched(Class<S> type, S statement, String prepared) {
    BoundText text = new BoundText(prepared);
    return proxy(
        type,
        statement,
        (method, arguments, result) -> {
          if (method.getName().startsWith("set") && arguments.length > 1) {
            text.bind((Integer) arguments[0], method.getName(), arguments[1]);
          }
          if (method.getName().startsWith("execute") && arguments.length > 0) {
            look((String) arguments[0]);
          }
          if (method.getName().startsWith("execute") && !prepared.isEmpty() && isBooking()) {
            booked.addAll(text.statements());
          }
          if (method.getName().equals("executeUpdate") && ShardRules.isCountedWrong(prepared)) {
            broken.add("a number of rows that may be wrong: " + prepared);
          }
          return result;
        });
  }

  private void look(String sql) {
    broken.addAll(rules.broken(sql, isBooking()));
  }

  private static boolean isBooking() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(frame -> frame.getClassName().equals(SqlLedger.class.getName())));
  }

  /** Looks at what a call has returned. */
  private interface Look {
    Object at(Method method, Object[] arguments, Object result) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, T real, Look look) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            Object[] given = arguments == null ? new Object[0] : arguments;
            return look.at(method, given, method.invoke(real, given));
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(
            WatchedSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public void close() {
    pool.close();
  }
}
