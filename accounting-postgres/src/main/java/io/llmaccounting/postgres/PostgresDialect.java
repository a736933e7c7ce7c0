package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.sql.Dialect;
import io.llmaccounting.sql.Shards;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Set;
import java.util.UUID;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** PostgreSQL's ways: ids are uuids, JSON is jsonb, and rows are locked one by one. */
record PostgresDialect(String schema, Shards shards) implements Dialect {
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
  private static final Set<String> NO_SCHEMA =
      Set.of("3D000", "3F000", "42P01", "42703", "42883", "42P10");

  @Override
  public SQLDialect jooq() {
    return SQLDialect.POSTGRES;
  }

  @Override
  public void bindId(PreparedStatement statement, int index, @Nullable UUID id)
      throws SQLException {
    statement.setObject(index, id, Types.OTHER);
  }

  @Override
  public @Nullable UUID readId(ResultSet row, int index) throws SQLException {
    return row.getObject(index, UUID.class);
  }

  @Override
  public void bindJson(PreparedStatement statement, int index, @Nullable String json)
      throws SQLException {
    statement.setObject(index, json, Types.OTHER);
  }

  @Override
  public String locking(RowLock lock) {
    return lock == RowLock.SHARED ? " FOR SHARE" : " FOR UPDATE";
  }

  @Override
  public BackendException translate(SQLException failure) {
    String state = state(failure);
    if (NO_SCHEMA.contains(state)) {
      return failed(
          Kind.UNUSABLE,
          "does not have the tables of this library; run the migrations or connect with"
              + " SchemaMode.MIGRATE",
          failure);
    }
    if (state.equals("42501")) {
      return failed(
          Kind.UNUSABLE, "does not let this role do that; see its documented grants", failure);
    }
    if (state.startsWith("28")) {
      return failed(
          Kind.UNUSABLE, "does not let this user in; check its name, password and rights", failure);
    }
    if (state.equals("22003")) {
      return failed(
          Kind.REJECTED,
          "cannot keep or tell a sum above 9223372036854775807; ask for less at once",
          failure);
    }
    if (state.startsWith("22") || state.startsWith("23")) {
      return failed(Kind.REJECTED, "refuses this; what is asked does not fit its tables", failure);
    }
    if (state.equals("55P03")) {
      return failed(
          Kind.UNAVAILABLE, "kept a lock from us for longer than lockTimeout; try again", failure);
    }
    if (state.equals("57014")) {
      return failed(
          Kind.UNAVAILABLE, "gave a statement up; try again or raise statementTimeout", failure);
    }
    return failed(
        Kind.UNAVAILABLE, "could not be used; check the server and the network to it", failure);
  }

  /** True if the same transaction may succeed when it is repeated at once. */
  static boolean isConflict(SQLException failure) {
    return CONFLICTS.contains(state(failure));
  }

  static String state(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }

  private BackendException failed(Kind kind, String what, SQLException failure) {
    return new BackendException(
        kind,
        "PostgreSQL schema %s %s (%s %s)".formatted(schema, what, state(failure), said(failure)),
        failure);
  }

  // Without the detail, which quotes rows: prompts do not belong in a log.
  private static @Nullable String said(SQLException failure) {
    if (failure instanceof PSQLException postgres) {
      ServerErrorMessage message = postgres.getServerErrorMessage();
      return message == null ? failure.getMessage() : message.getMessage();
    }
    return failure.getMessage();
  }
}
