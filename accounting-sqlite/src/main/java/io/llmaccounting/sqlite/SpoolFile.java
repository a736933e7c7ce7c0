package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/** An open file of a spool: one connection that commits durably. Confined to one thread at once. */
final class SpoolFile implements AutoCloseable {
  /**
   * The size of pages that SQLite makes by default; damaged files are read by it, whatever their
   * headers say.
   */
  static final int PAGE_BYTES = 4_096;

  private static final Duration BUSY = Duration.ofSeconds(10);

  private final Path path;
  private final SqliteDialect dialect;
  private final SqlSession session;
  private boolean broken;

  private SpoolFile(Path path, Connection connection) {
    this.path = path;
    this.dialect = new SqliteDialect(path);
    this.session = new SqlSession(connection, dialect);
  }

  /**
   * Opens or creates a file.
   *
   * @throws SpoolDamage if it is not what was written to it
   */
  static SpoolFile open(Path path) throws SQLException, IOException {
    if (WalPages.beside(path).isDamaged()) {
      throw new SpoolDamage("its write-ahead log is broken before its end");
    }
    Connection connection = connect(path);
    boolean opened = false;
    try {
      SpoolSchema schema = new SpoolSchema(path, connection);
      schema.verify();
      checkPages(connection);
      schema.prepare();
      opened = true;
      return new SpoolFile(path, connection);
    } catch (SQLException e) {
      throw asDamage(path, e);
    } finally {
      if (!opened) {
        connection.close();
      }
    }
  }

  private static Connection connect(Path path) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(BUSY.toMillis()));
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setPageSize(PAGE_BYTES);
    // a log that starts over loses its old end with its first commit; by that, WalPages tells
    // frames that a crash left half written from damage
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, "0");
    // a call that was removed must not look like one that waits when a damaged file is searched
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "ON");
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    try {
      return source.getConnection();
    } catch (SQLException e) {
      throw asDamage(path, e);
    }
  }

  private static void checkPages(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String found = text(statement, "PRAGMA quick_check(1)");
      if (!found.equals("ok")) {
        throw new SpoolDamage(found.replaceAll("\\s+", " "));
      }
      text(statement, "PRAGMA journal_mode = WAL");
      // a damaged header can make a file read-only
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("ROLLBACK");
    }
  }

  /** Runs {@code work} in a transaction, durable when this returns. */
  <T extends @Nullable Object> T write(SqlWork<T> work) throws SQLException {
    boolean committed = false;
    try {
      execute("BEGIN IMMEDIATE");
      T result = work.run(session);
      execute("COMMIT");
      committed = true;
      return result;
    } catch (SQLException e) {
      throw asDamage(path, e);
    } finally {
      if (!committed) {
        rollBack();
      }
    }
  }

  /** Runs {@code work}, which only reads. */
  <T extends @Nullable Object> T read(SqlWork<T> work) throws SQLException {
    try {
      return work.run(session);
    } catch (SQLException e) {
      throw asDamage(path, e);
    }
  }

  private void rollBack() {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // A full disk or an I/O error has rolled back already. Either way a new connection is clean.
      broken = true;
    }
  }

  /** True once this connection must not be used any more. */
  boolean isBroken() {
    return broken;
  }

  /** How much of the file is in use. */
  static long bytes(SqlSession session) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      long pages = number(statement, "PRAGMA page_count");
      return (pages - number(statement, "PRAGMA freelist_count")) * PAGE_BYTES;
    }
  }

  /** Changes whenever another connection has written. */
  static long foreignWrites(SqlSession session) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      return number(statement, "PRAGMA data_version");
    }
  }

  SqliteDialect dialect() {
    return dialect;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(sql);
    }
  }

  private static SQLException asDamage(Path path, SQLException failure) {
    boolean isDamage =
        !(failure instanceof SpoolDamage)
            && new SqliteDialect(path).translate(failure).kind() == BackendException.Kind.UNUSABLE;
    if (!isDamage && !isReadOnly(path, failure)) {
      return failure;
    }
    SpoolDamage damage = new SpoolDamage(String.valueOf(failure.getMessage()));
    damage.initCause(failure);
    return damage;
  }

  private static boolean isReadOnly(Path path, SQLException failure) {
    return failure.getErrorCode() == SQLiteErrorCode.SQLITE_READONLY.code
        && path.toFile().canWrite();
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      session.close();
    } finally {
      session.connection().close();
    }
  }
}
