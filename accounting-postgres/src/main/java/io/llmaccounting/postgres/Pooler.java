package io.llmaccounting.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * Finds out whether something like PgBouncer stands between us and the server. It may give each
 * transaction another session of the server: what one transaction has set or prepared is then
 * unknown to the next, or known to somebody else.
 */
final class Pooler {
  private Pooler() {}

  /** True if other processes of the server answer than the one that was connected to. */
  static boolean isBetween(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      // the driver prepares the end of a transaction by name too
      int threshold = prepareNothing(connection);
      try {
        return isBetween(connection);
      } finally {
        if (!connection.getAutoCommit()) {
          connection.rollback();
        }
        prepareAgain(connection, threshold);
      }
    }
  }

  /** True if another process of the server answers than the one that was connected to. */
  static boolean isBetween(Connection connection) throws SQLException {
    PgConnection driver = driver(connection);
    if (driver == null) {
      return false;
    }
    int connectedTo = driver.getBackendPID();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
      return row.next() && row.getInt(1) != connectedTo;
    }
  }

  /**
   * Has the driver prepare nothing by name from now on; returns from how many executions on it did
   * before.
   */
  static int prepareNothing(Connection connection) throws SQLException {
    PgConnection driver = driver(connection);
    if (driver == null) {
      return 0;
    }
    int before = driver.getPrepareThreshold();
    driver.setPrepareThreshold(0);
    return before;
  }

  /** Has the driver prepare statements as it did before. */
  static void prepareAgain(Connection connection, int threshold) throws SQLException {
    PgConnection driver = driver(connection);
    if (driver != null) {
      driver.setPrepareThreshold(threshold);
    }
  }

  // Not by its interface: annotations of that one's package refer to classes that are not there.
  // A connection that is wrapped may hand out something wrapped here too, in spite of what it is
  // asked for: such a one tells nothing.
  private static @Nullable PgConnection driver(Connection connection) throws SQLException {
    Class<?> wanted = PgConnection.class;
    return connection.isWrapperFor(wanted)
            && connection.unwrap(wanted) instanceof PgConnection driver
        ? driver
        : null;
  }
}
