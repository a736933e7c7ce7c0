package io.llmaccounting.sql;

import io.llmaccounting.sql.ParameterSink.Kind;
import io.llmaccounting.usage.Attribution;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Binds the parameters of a statement from left to right. Confined to one thread. */
public final class Parameters {
  private final ParameterSink sink;

  /** Starts at the first parameter of {@code statement}. */
  public Parameters(PreparedStatement statement, SqlDialect dialect) {
    this(new StatementSink(statement, dialect, 1));
  }

  Parameters(ParameterSink sink) {
    this.sink = sink;
  }

  /** A text, or null. */
  public Parameters text(@Nullable String value) throws SQLException {
    sink.add(Kind.TEXT, value);
    return this;
  }

  /** A number. */
  public Parameters number(long value) throws SQLException {
    sink.add(Kind.NUMBER, value);
    return this;
  }

  /** A shard, in the very type of its column: others are not compared with where rows are. */
  Parameters shard(int value) throws SQLException {
    sink.add(Kind.SHARD, value);
    return this;
  }

  /** A number, or null. */
  public Parameters optional(@Nullable Long value) throws SQLException {
    sink.add(Kind.NUMBER, value);
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
    sink.add(Kind.FLAG, value);
    return this;
  }

  /** An id, or null. */
  public Parameters id(@Nullable UUID value) throws SQLException {
    sink.add(Kind.ID, value);
    return this;
  }

  /** Bytes. */
  public Parameters bytes(byte[] value) throws SQLException {
    sink.add(Kind.BYTES, value);
    return this;
  }

  /** A map as JSON; null where it is empty. */
  public Parameters json(Map<String, ?> value) throws SQLException {
    sink.add(Kind.JSON, FlatJson.write(value));
    return this;
  }

  /** A JSON text, or null. */
  public Parameters json(@Nullable String value) throws SQLException {
    sink.add(Kind.JSON, value);
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
