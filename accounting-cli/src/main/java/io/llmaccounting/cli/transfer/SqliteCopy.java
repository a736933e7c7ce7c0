package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.ProgressBar;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/** SQLite's own copying of a database that is in use, checked afterwards. */
final class SqliteCopy {
  private static final int OK = 0;
  private static final int BUSY_MILLIS = 10_000;

  private SqliteCopy() {}

  static void of(Path database, Path copy, ProgressBar progress) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + database, config.toProperties())) {
      // what this transaction sees is copied, so that writers cannot make the copying start over
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
      }
      int result =
          connection
              .unwrap(SQLiteConnection.class)
              .getDatabase()
              .backup(
                  "main",
                  copy.toString(),
                  (remaining, total) ->
                      progress.at(total == 0 ? 100 : 100 - 100L * remaining / total));
      if (result != OK) {
        throw new SQLException("SQLite ended the copying with code " + result);
      }
    }
    check(copy);
  }

  /** Reads the whole copy, and makes it one file that needs no other beside it. */
  private static void check(Path copy) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = DELETE");
      try (ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
        if (!found.next() || !"ok".equals(found.getString(1))) {
          throw Failure.failed(
              "the copy is damaged, as the database may be: " + found.getString(1),
              "Check the disk; write what can still be read with 'llm-accounting export FILE'.");
        }
      }
    }
  }
}
