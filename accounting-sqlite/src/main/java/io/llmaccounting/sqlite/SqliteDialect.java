package io.llmaccounting.sqlite;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.sql.IdBytes;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlDialect;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's ways: ids are 16 bytes, JSON is text, and the writer needs no row locks. */
record SqliteDialect(Path file) implements SqlDialect {
  private static final int PRIMARY_CODE = 0xFF;

  @Override
  public Family family() {
    return Family.SQLITE;
  }

  @Override
  public void bindId(PreparedStatement statement, int index, @Nullable UUID id)
      throws SQLException {
    if (id == null) {
      statement.setNull(index, Types.BLOB);
    } else {
      statement.setBytes(index, IdBytes.of(id));
    }
  }

  @Override
  public @Nullable UUID readId(ResultSet row, int index) throws SQLException {
    return IdBytes.id(row.getBytes(index));
  }

  @Override
  public void bindJson(PreparedStatement statement, int index, @Nullable String json)
      throws SQLException {
    if (json == null) {
      statement.setNull(index, Types.VARCHAR);
    } else {
      statement.setString(index, json);
    }
  }

  @Override
  public Shards shards() {
    return Shards.absent();
  }

  @Override
  public String locking(RowLock lock) {
    return "";
  }

  @Override
  public BackendException translate(SQLException failure) {
    int code = code(failure);
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return failed(Kind.UNAVAILABLE, "is full; free disk space or raise maxPages", failure);
    }
    if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return failed(
          Kind.UNAVAILABLE, "is in use elsewhere; try again or raise busyTimeout", failure);
    }
    if (code == SQLiteErrorCode.SQLITE_NOTADB.code
        || code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_FORMAT.code) {
      return failed(Kind.UNUSABLE, "is no intact SQLite database; restore a backup", failure);
    }
    if (code == SQLiteErrorCode.SQLITE_READONLY.code
        || code == SQLiteErrorCode.SQLITE_PERM.code
        || code == SQLiteErrorCode.SQLITE_AUTH.code) {
      return failed(
          Kind.UNUSABLE, "cannot be written; check the rights on it and its folder", failure);
    }
    if (code == SQLiteErrorCode.SQLITE_ERROR.code || code == SQLiteErrorCode.SQLITE_SCHEMA.code) {
      return failed(
          Kind.UNUSABLE, "does not have the schema that this library made; restore it", failure);
    }
    if (code == SQLiteErrorCode.SQLITE_CONSTRAINT.code
        || code == SQLiteErrorCode.SQLITE_MISMATCH.code
        || code == SQLiteErrorCode.SQLITE_RANGE.code
        || code == SQLiteErrorCode.SQLITE_TOOBIG.code) {
      return failed(Kind.REJECTED, "refuses this; what is asked does not fit its schema", failure);
    }
    return failed(Kind.UNAVAILABLE, "could not be used; check its disk, then try again", failure);
  }

  /** True if another connection holds a lock that this one needs. */
  static boolean isBusy(SQLException failure) {
    return code(failure) == SQLiteErrorCode.SQLITE_BUSY.code;
  }

  /** True if there is no room for more. */
  static boolean isFull(SQLException failure) {
    return code(failure) == SQLiteErrorCode.SQLITE_FULL.code;
  }

  // Extended codes carry the primary one in their lowest byte.
  private static int code(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? sqlite.getResultCode().code & PRIMARY_CODE
        : -1;
  }

  private BackendException failed(Kind kind, String what, SQLException failure) {
    return new BackendException(
        kind, "%s %s (%s)".formatted(file, what, failure.getMessage()), failure);
  }
}
