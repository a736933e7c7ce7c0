package io.llmaccounting.sql;

import io.llmaccounting.usage.Attribution;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Binds the parameters of a statement from left to right. Confined to one thread. */
public final class Parameters {
  private final PreparedStatement statement;
  private final Dialect dialect;
  private int last;

  /** Starts at the first parameter of {@code statement}. */
  public Parameters(PreparedStatement statement, Dialect dialect) {
    this.statement = statement;
    this.dialect = dialect;
  }

  /** A text, or null. */
  public Parameters text(@Nullable String value) throws SQLException {
    last++;
    if (value == null) {
      statement.setNull(last, Types.VARCHAR);
    } else {
      statement.setString(last, value);
    }
    return this;
  }

  /** A number. */
  public Parameters number(long value) throws SQLException {
    statement.setLong(++last, value);
    return this;
  }

  /** A number, or null. */
  public Parameters optional(@Nullable Long value) throws SQLException {
    last++;
    if (value == null) {
      statement.setNull(last, Types.BIGINT);
    } else {
      statement.setLong(last, value);
    }
    return this;
  }

  /** An instant. */
  public Parameters instant(Instant value) throws SQLException {
    return number(Micros.of(value));
  }

  /** A duration, or null. */
  public Parameters duration(@Nullable Duration value) throws SQLException {
    return optional(value == null ? null : Micros.of(value));
  }

  /** A flag, or null. */
  public Parameters flag(@Nullable Boolean value) throws SQLException {
    last++;
    if (value == null) {
      statement.setNull(last, Types.BOOLEAN);
    } else {
      statement.setBoolean(last, value);
    }
    return this;
  }

  /** An id, or null. */
  public Parameters id(@Nullable UUID value) throws SQLException {
    dialect.bindId(statement, ++last, value);
    return this;
  }

  /** Bytes. */
  public Parameters bytes(byte[] value) throws SQLException {
    statement.setBytes(++last, value);
    return this;
  }

  /** A map as JSON; null where it is empty. */
  public Parameters json(Map<String, ?> value) throws SQLException {
    dialect.bindJson(statement, ++last, FlatJson.write(value));
    return this;
  }

  /** Project, user, caller, session and tags. */
  public Parameters attribution(Attribution value) throws SQLException {
    return text(value.project())
        .text(value.user())
        .text(value.caller())
        .text(value.session())
        .json(value.tags());
  }
}
