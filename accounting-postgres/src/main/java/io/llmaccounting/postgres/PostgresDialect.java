package io.llmaccounting.postgres;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlDialect;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** PostgreSQL's ways: ids are uuids, JSON is jsonb, and rows are locked one by one. */
record PostgresDialect(String schema, Shards shards) implements SqlDialect {
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
  private static final Set<String> NO_SCHEMA =
      Set.of("3F000", "42P01", "42703", "42804", "42883", "42P10", "57P04");

  /** The state of a server that can only be read. */
  static final String NO_WRITES = "25006";

  // 08001 refused, or no such host; 08004 turned away; 57P03 starts or stops
  private static final Set<String> NOBODY_THERE = Set.of("08001", "08004", "57P03");
  private static final Set<String> DAMAGED = Set.of("XX001", "XX002");
  // Classes of states that are about what is asked: a value, a rule, a size, a trigger's answer.
  private static final Set<String> REFUSED = Set.of("21", "22", "23", "44", "54", "P0");
  // Classes of states that are about the statement itself, whatever is asked with it.
  private static final Set<String> NOT_RUN = Set.of("0A", "42");
  // Of class 42 too, but the work of somebody between: another session has the statement's name.
  private static final Set<String> LOST_STATEMENT = Set.of("26000", "42P05");

  @Override
  public Family family() {
    return Family.POSTGRES;
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
    return switch (lock) {
      case SHARED -> " FOR SHARE";
      case EXCLUSIVE -> " FOR UPDATE";
      case IF_FREE -> " FOR UPDATE SKIP LOCKED";
    };
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
    if (state.equals("3D000")) {
      return failed(
          Kind.UNUSABLE,
          "lies in a database that does not exist; create the database or correct its name in the"
              + " URL",
          failure);
    }
    if (state.equals("42501")) {
      return failed(
          Kind.UNUSABLE, "does not let this role do that; see its documented grants", failure);
    }
    if (state.startsWith("28")) {
      return failed(
          Kind.UNUSABLE,
          "does not let this user in; check its name, password and right to connect, and whether"
              + " the server's pg_hba.conf wants TLS",
          failure);
    }
    if (DAMAGED.contains(state)) {
      return failed(Kind.UNUSABLE, "is damaged; restore a backup", failure);
    }
    return refused(state, failure);
  }

  private BackendException refused(String state, SQLException failure) {
    String about = state.isEmpty() ? state : state.substring(0, 2);
    if (REFUSED.contains(about)) {
      return failed(Kind.REJECTED, "refuses this; what is asked does not fit its tables", failure);
    }
    if (NOT_RUN.contains(about) && !LOST_STATEMENT.contains(state)) {
      return failed(
          Kind.REJECTED,
          "does not run a statement of this library; see which versions of the server and of its"
              + " extensions are supported, and tell us",
          failure);
    }
    return passing(state, failure);
  }

  private BackendException passing(String state, SQLException failure) {
    String what =
        switch (state) {
          case "55P03" -> "kept a lock from us for longer than lockTimeout; try again";
          case "57014" -> "gave a statement up; try again or raise statementTimeout";
          case "25006" -> "can only be read; connect to the server that takes writes";
          case "26000", "42P05" ->
              "lost a prepared statement, as behind a pooler of transactions; set prepareThreshold=0"
                  + " in the URL";
          case "53300" ->
              "has no connection left; lower poolSize, or raise the server's max_connections";
          case "57P03" -> "is starting or stopping; try again";
          case "08001", "08004", "08006" ->
              "could not be reached; check host and port in the URL, that the server runs, and the"
                  + " network to it";
          case "53100" -> "is on a full disk; free disk space";
          default -> "could not be used; check the server and the network to it";
        };
    return failed(
        NOBODY_THERE.contains(state) ? Kind.UNREACHABLE : Kind.UNAVAILABLE, what, failure);
  }

  /** True if the same transaction may succeed when it is repeated at once. */
  static boolean isConflict(SQLException failure) {
    return CONFLICTS.contains(state(failure));
  }

  /**
   * True if the server that a connection leads to will not do what is asked, however often it is
   * asked: a replica, or a primary that became one. A new connection may lead to another.
   */
  static boolean isOfNoUse(SQLException failure) {
    return NO_WRITES.equals(state(failure));
  }

  /** True if no server accepted the connection, so that nothing was sent. */
  static boolean isNobodyThere(SQLException failure) {
    return NOBODY_THERE.contains(state(failure));
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

  // The detail is left out, because it quotes rows: prompts do not belong in a log.
  private static @Nullable String said(SQLException failure) {
    if (failure instanceof PSQLException postgres) {
      ServerErrorMessage message = postgres.getServerErrorMessage();
      return message == null ? failure.getMessage() : message.getMessage();
    }
    return failure.getMessage();
  }
}
