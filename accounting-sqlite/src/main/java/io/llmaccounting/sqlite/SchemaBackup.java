package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;

/**
 * A copy of a file beside it, from before a migration. Copied and put back page by page through
 * SQLite's locks, because other processes may have the file open.
 *
 * @param file the file
 * @param copy its copy
 */
record SchemaBackup(SqliteFile file, Path copy) {
  private static final int OK = 0;

  /** Copies the file, whose schema is at {@code version}; replaces an older copy of it. */
  static SchemaBackup of(SqliteFile file, int version) throws SQLException {
    Path copy =
        file.path().resolveSibling("%s.v%d.backup".formatted(file.path().getFileName(), version));
    try (Connection connection = file.migration().getConnection()) {
      int result =
          connection
              .unwrap(SQLiteConnection.class)
              .getDatabase()
              .backup("main", copy.toString(), null);
      require(result, "%s could not be copied to %s before its migration", file.path(), copy);
    }
    return new SchemaBackup(file, copy);
  }

  /** Puts the copy back and returns {@code failure} with words that say so. */
  BackendException restoredAfter(BackendException failure) {
    try (Connection connection = file.migration().getConnection()) {
      int result =
          connection
              .unwrap(SQLiteConnection.class)
              .getDatabase()
              .restore("main", copy.toString(), null);
      require(result, "%s could not be put back from %s", file.path(), copy);
      return new BackendException(
          failure.kind(),
          failure.getMessage() + "; it was put back as it was before, from " + copy,
          failure);
    } catch (SQLException | BackendException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static void require(int result, String what, Path file, Path copy) {
    if (result != OK) {
      throw new BackendException(
          Kind.UNAVAILABLE,
          what.formatted(file, copy)
              + " (SQLite code %d); check the disk and who uses the file".formatted(result));
    }
  }
}
