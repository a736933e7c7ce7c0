package io.llmaccounting.sqlite;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.jooq.Field;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The tables of a spool's file. The columns of a record are made from those of usage_event: one
 * that records gain, spools gain when they are opened.
 */
record SpoolSchema(Path file, Connection connection) {
  private static final String CALLS =
      "CREATE TABLE spool_call (position INTEGER PRIMARY KEY AUTOINCREMENT,"
          + " checksum INTEGER NOT NULL, settles_hold INTEGER NOT NULL,"
          + " time_is_given INTEGER NOT NULL, reason TEXT, buried_at INTEGER, "
          + Arrays.stream(USAGE_EVENT.fields())
              .map(SpoolSchema::column)
              .collect(Collectors.joining(", "))
          + ") STRICT";
  private static final String AMOUNTS =
      "CREATE TABLE spool_open_amount (limit_name TEXT NOT NULL, subject TEXT NOT NULL,"
          + " amount INTEGER NOT NULL, checksum INTEGER NOT NULL,"
          + " PRIMARY KEY (limit_name, subject)) STRICT, WITHOUT ROWID";

  private static String column(Field<?> field) {
    Class<?> type = field.getType();
    if (type == UUID.class || type == byte[].class) {
      return field.getName() + " BLOB";
    }
    return field.getName() + (type == String.class ? " TEXT" : " INTEGER");
  }

  /** Makes the tables where there are none, and checks those that are there. */
  void prepare() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (isEmpty(statement)) {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute(CALLS);
        statement.execute(AMOUNTS);
        statement.execute("COMMIT");
        return;
      }
      check(statement);
    }
  }

  private static boolean isEmpty(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
      return row.next() && row.getInt(1) == 0;
    }
  }

  private void check(Statement statement) throws SQLException {
    Set<String> columns = columns(statement);
    Set<String> known = new HashSet<>(SpoolRow.COLUMNS);
    known.addAll(List.of("position", "checksum"));
    Set<String> unknown = new HashSet<>(columns);
    unknown.removeAll(known);
    known.removeAll(columns);
    if (!unknown.isEmpty() && known.isEmpty()) {
      throw new BackendException(
          BackendException.Kind.UNUSABLE,
          "%s was written by a newer version of this library, which knows %s; use that one"
              .formatted(file, unknown));
    }
    if (!unknown.isEmpty()) {
      throw new SpoolDamage("its table has unknown columns: " + unknown);
    }
    for (Field<?> field : USAGE_EVENT.fields()) {
      if (known.contains(field.getName())) {
        statement.execute("ALTER TABLE spool_call ADD COLUMN " + column(field));
      }
    }
  }

  private static Set<String> columns(Statement statement) throws SQLException {
    Set<String> columns = new HashSet<>();
    try (ResultSet row =
        statement.executeQuery("SELECT name FROM pragma_table_info('spool_call')")) {
      while (row.next()) {
        columns.add(row.getString(1));
      }
    }
    return columns;
  }
}
