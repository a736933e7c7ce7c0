package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.jooq.exception.DataAccessException;
import io.llmaccounting.sql.ClosingLock;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs transactions on connections of a pool. Safe for use by many threads. */
final class PostgresConnections implements Connections {
  private static final int MOST_ATTEMPTS = 50;
  private static final long LEAST_PAUSE_NANOS = 200_000;
  private static final long MOST_PAUSE_NANOS = 5_000_000;

  private static final String NOT_SUPPORTED = "0A000";

  private final DataSource pool;
  private final PostgresDialect dialect;
  private final TransactionStart start;
  private final boolean pooled;
  private final ClosingLock closing;

  PostgresConnections(DataSource pool, PostgresDialect dialect, TransactionStart start) {
    this(pool, dialect, start, false);
  }

  /** Prepares no statement by name where {@code pooled} says that a pooler is between. */
  PostgresConnections(
      DataSource pool, PostgresDialect dialect, TransactionStart start, boolean pooled) {
    this.pooled = pooled;
    this.pool = pool;
    this.dialect = dialect;
    this.start = start;
    this.closing = new ClosingLock("PostgreSQL schema " + dialect.schema(), dialect);
  }

  @Override
  public <T extends @Nullable Object> T read(SqlWork<T> work) {
    return closing.pass(() -> once(start.reading(), work, false));
  }

  @Override
  public <T extends @Nullable Object> T write(SqlWork<T> work) {
    return closing.pass(() -> repeated(work));
  }

  /** Throws unless still open. */
  void requireOpen() {
    closing.requireOpen();
  }

  void close(Runnable last) {
    closing.close(last);
  }

  private <T extends @Nullable Object> T repeated(SqlWork<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(start.writing(), work, true);
      } catch (SQLException e) {
        if (attempt == MOST_ATTEMPTS || !PostgresDialect.isConflict(e)) {
          throw e;
        }
      } catch (DataAccessException e) {
        SQLException cause = e.getCause(SQLException.class);
        if (attempt == MOST_ATTEMPTS || cause == null || !PostgresDialect.isConflict(cause)) {
          throw e;
        }
      }
      LockSupport.parkNanos(
          ThreadLocalRandom.current().nextLong(LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS));
    }
  }

  private <T extends @Nullable Object> T once(String opening, SqlWork<T> work, boolean commits)
      throws SQLException {
    try (Connection connection = connection()) {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      boolean ended = false;
      int threshold = pooled ? Pooler.prepareNothing(connection) : 0;
      try (SqlSession session = new SqlSession(connection, dialect)) {
        open(connection, opening);
        T result = work.run(session);
        if (commits) {
          connection.commit();
          ended = true;
        }
        return result;
      } catch (SQLException e) {
        dropIfOfNoUse(connection, e);
        throw e;
      } catch (DataAccessException e) {
        dropIfOfNoUse(connection, e.getCause(SQLException.class));
        throw e;
      } finally {
        end(connection, ended, autoCommit);
        if (pooled && !connection.isClosed()) {
          Pooler.prepareAgain(connection, threshold);
        }
      }
    }
  }

  private Connection connection() throws SQLException {
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException e) {
      // A server that does not answer looks the same, except that connections are being opened
      // then.
      if (PoolLoad.isExhausted(pool) && PostgresDialect.state(e).isEmpty()) {
        throw busy(e);
      }
      throw e;
    }
  }

  private BackendException busy(SQLException failure) {
    return new BackendException(
        BackendException.Kind.BUSY,
        "all connections to PostgreSQL schema %s are in use; try again, or give the pool more of them"
            .formatted(dialect.schema()),
        failure);
  }

  private static void open(Connection connection, String opening) throws SQLException {
    if (!opening.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(opening);
      } catch (SQLException e) {
        // A replica does not let a transaction be declared as one that writes; it says so by a
        // state
        // that elsewhere is about statements that no server runs.
        throw PostgresDialect.state(e).equals(NOT_SUPPORTED)
            ? new SQLException(e.getMessage(), PostgresDialect.NO_WRITES, e)
            : e;
      }
    }
  }

  // A pool would hand this connection out again and again, although the service has moved to
  // another server.
  private static void dropIfOfNoUse(Connection connection, @Nullable SQLException failure) {
    if (failure != null && PostgresDialect.isOfNoUse(failure)) {
      abort(connection, failure);
    }
  }

  // Where this fails too the connection is lost: the server rolls back, and the pool drops it.
  private static void end(Connection connection, boolean ended, boolean autoCommit) {
    try {
      if (!ended) {
        connection.rollback();
      }
      if (autoCommit) {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      abort(connection, e);
    }
  }

  private static void abort(Connection connection, SQLException reason) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }
}
