package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.hikari.HikariConfig;
import io.llmaccounting.shaded.hikari.HikariDataSource;
import io.llmaccounting.sql.ClosingLock;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One writer and a pool of readers on one file. Safe for use by many threads. */
final class SqliteConnections implements Connections {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteConnections.class);
  // HikariCP accepts no shorter wait.
  private static final long LEAST_WAIT_MILLIS = 250;

  private final SqliteFile file;
  private final SqliteDialect dialect;
  private final ClosingLock closing;
  private final FileIdentity database;
  private final SqliteWriter writer;
  private final HikariDataSource readers;

  SqliteConnections(SqliteFile file) {
    this.file = file;
    this.dialect = new SqliteDialect(file.path());
    this.closing = new ClosingLock(file.path().toString(), dialect);
    this.database = FileIdentity.of(file.path());
    this.writer = new SqliteWriter(file, dialect, database);
    this.readers = pool(file);
  }

  private static HikariDataSource pool(SqliteFile file) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("llm-accounting-sqlite-readers");
    config.setDataSource(file.readers());
    config.setMaximumPoolSize(file.settings().readers());
    config.setConnectionInitSql("PRAGMA query_only = 1");
    config.setMinimumIdle(1);
    config.setMaxLifetime(0);
    config.setConnectionTimeout(
        Math.max(LEAST_WAIT_MILLIS, file.settings().busyTimeout().toMillis()));
    return new HikariDataSource(config);
  }

  @Override
  public <T extends @Nullable Object> T read(SqlWork<T> work) {
    return closing.pass(
        () -> {
          database.require();
          try (Connection connection = reader()) {
            return readFrom(connection, work);
          }
        });
  }

  @Override
  public <T extends @Nullable Object> T write(SqlWork<T> work) {
    return closing.pass(() -> writer.run(work));
  }

  /** Writes the whole file anew, without what was freed in it and in its log. */
  boolean overwriteFreed() {
    return closing.pass(
        () -> {
          writer.overwriteFreed();
          return true;
        });
  }

  /** Throws unless still open. */
  void requireOpen() {
    closing.requireOpen();
  }

  void close() {
    closing.close(
        () -> {
          readers.close();
          try {
            writer.close();
          } catch (SQLException e) {
            LOG.warn("{} was closed, but not cleanly; nothing committed is lost", file.path(), e);
          }
        });
  }

  private Connection reader() throws SQLException {
    try {
      return readers.getConnection();
    } catch (SQLTransientConnectionException e) {
      throw new BackendException(
          BackendException.Kind.BUSY,
          "none of the %d readers of %s was free for %s; try again or raise readers"
              .formatted(file.settings().readers(), file.path(), file.settings().busyTimeout()),
          e);
    }
  }

  private <T extends @Nullable Object> T readFrom(Connection connection, SqlWork<T> work)
      throws SQLException {
    boolean ended = false;
    try (Statement control = connection.createStatement()) {
      control.execute("BEGIN");
      try (SqlSession session = new SqlSession(connection, dialect)) {
        return work.run(session);
      } finally {
        control.execute("ROLLBACK");
        ended = true;
      }
    } finally {
      if (!ended) {
        readers.evictConnection(connection);
      }
    }
  }
}
