package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sets the parameters of a statement from left to right. */
final class StatementSink implements ParameterSink {
  private final PreparedStatement statement;
  private final SqlDialect dialect;
  private int last;

  StatementSink(PreparedStatement statement, SqlDialect dialect, int first) {
    this.last = first - 1;
    this.statement = statement;
    this.dialect = dialect;
  }

  /** The index after the last one set. */
  int next() {
    return last + 1;
  }

  @Override
  public void add(Kind kind, @Nullable Object value) throws SQLException {
    last++;
    switch (kind) {
      case TEXT -> text((String) value);
      case NUMBER -> number((Long) value);
      case SHARD -> statement.setObject(last, value, Types.INTEGER);
      case FLAG -> flag((Boolean) value);
      case ID -> dialect.bindId(statement, last, (UUID) value);
      case BYTES -> statement.setBytes(last, (byte[]) value);
      case JSON -> dialect.bindJson(statement, last, (String) value);
    }
  }

  private void text(@Nullable String value) throws SQLException {
    if (value == null) {
      statement.setNull(last, Types.VARCHAR);
    } else {
      statement.setString(last, value);
    }
  }

  private void number(@Nullable Long value) throws SQLException {
    if (value == null) {
      statement.setNull(last, Types.BIGINT);
    } else {
      statement.setLong(last, value);
    }
  }

  private void flag(@Nullable Boolean value) throws SQLException {
    if (value == null) {
      statement.setNull(last, Types.BOOLEAN);
    } else {
      statement.setBoolean(last, value);
    }
  }
}
