package io.llmaccounting.cli.readonly;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite file opened for reading only: the operating system's handle cannot write, so that no
 * pragma brings writing back. Nothing can be attached, so no other file can be made or read, and
 * views and the schema call no function that could do something.
 */
public final class ReadOnlySqlite implements ReadOnlyDatabase {
  private static final int STEPS_BETWEEN_LOOKS = 10_000;
  private static final int LONGEST_VALUE = 4 * 1024 * 1024;
  private static final int LONGEST_PATTERN = 1_000;
  private static final int BUSY_MILLIS = 5_000;

  private final Path file;

  /** Reads {@code file}, which must be there. */
  public ReadOnlySqlite(Path file) {
    this.file = file.toAbsolutePath().normalize();
  }

  /**
   * Asks on a thread of its own, which is left behind where it does not end in time: SQLite looks
   * at its clock between two steps of a statement, and one step may take for ever.
   */
  @Override
  public boolean ask(String sql, SelectCaps caps, RowReader reader) throws SQLException {
    return new Watchdog(caps.time()).run(reader, watched -> answer(sql, caps, watched));
  }

  private boolean answer(String sql, SelectCaps caps, RowReader reader) throws SQLException {
    try (Connection connection = open()) {
      long deadline = caps.deadline();
      boolean[] late = {false};
      ProgressHandler.setHandler(
          connection,
          STEPS_BETWEEN_LOOKS,
          new ProgressHandler() {
            @Override
            protected int progress() {
              late[0] = System.nanoTime() - deadline > 0;
              return late[0] ? 1 : 0;
            }
          });
      try {
        requireOneReading(connection, sql);
        return read(connection, sql, caps, reader);
      } catch (SQLException e) {
        throw late[0] ? Watchdog.late(caps.time(), e) : e;
      } finally {
        ProgressHandler.clearHandler(connection);
      }
    }
  }

  Connection open() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enableLoadExtension(false);
    config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "0");
    config.setPragma(SQLiteConfig.Pragma.LIMIT_LENGTH, Integer.toString(LONGEST_VALUE));
    config.setPragma(
        SQLiteConfig.Pragma.LIMIT_LIKE_PATTERN_LENGTH, Integer.toString(LONGEST_PATTERN));
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
    boolean ready = false;
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = 1");
      statement.execute("PRAGMA trusted_schema = 0");
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
  }

  /**
   * The driver passes over what follows a first statement, without a word; inside brackets SQLite
   * itself refuses a second one, and whatever is no query. This keeps nothing from being written,
   * which the connection does: it keeps half of what was typed from being passed over.
   */
  private static void requireOneReading(Connection connection, String sql) throws SQLException {
    for (String checked : List.of(sql, "SELECT 1 FROM (\n" + withoutEnd(sql) + "\n) LIMIT 0")) {
      connection.prepareStatement(checked).close();
    }
  }

  private static String withoutEnd(String sql) {
    String text = sql.strip();
    return text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
  }

  private static boolean read(Connection connection, String sql, SelectCaps caps, RowReader reader)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> names = RowValues.names(rows);
      reader.columns(names);
      for (int count = 0; rows.next(); count++) {
        if (count == caps.rows()) {
          return false;
        }
        reader.row(RowValues.of(rows, names.size()));
      }
      return true;
    }
  }
}
