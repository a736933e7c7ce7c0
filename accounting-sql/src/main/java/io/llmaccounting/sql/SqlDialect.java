package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers the questions on which the databases differ. Stateless. */
public interface SqlDialect {
  /** The databases that there are. */
  enum Family {
    SQLITE,
    POSTGRES
  }

  /** How rows are locked until the transaction ends. */
  enum RowLock {
    /** Others may read and lock them the same way. */
    SHARED,
    /** Nobody else may lock them. */
    EXCLUSIVE,
    /** Nobody else may lock them; those that somebody has locked are left out. */
    IF_FREE
  }

  /** Which of the databases this is. */
  Family family();

  /** Binds an id, or null. */
  void bindId(PreparedStatement statement, int index, @Nullable UUID id) throws SQLException;

  /** Reads an id; null where the column is. */
  @Nullable UUID readId(ResultSet row, int index) throws SQLException;

  /** Binds the text of a JSON column, or null. */
  void bindJson(PreparedStatement statement, int index, @Nullable String json) throws SQLException;

  /** How usage is spread. */
  Shards shards();

  /**
   * The SQL at the end of a SELECT that locks its rows; empty where the transaction holds the write
   * lock.
   */
  String locking(RowLock lock);

  /** Translates a failure into what it means for callers, and what would help them. */
  BackendException translate(SQLException failure);
}
