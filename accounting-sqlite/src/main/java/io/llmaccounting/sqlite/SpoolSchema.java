package io.llmaccounting.sqlite;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.jooq.Field;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The tables of a spool's file. The columns of a record are made from those of usage_event: a
 * column that records gain is added at the end when a spool is opened. SQLite keeps the statements
 * that made the tables as text and believes whatever that says; so a file is trusted only where it
 * says exactly what this version, or one before it, wrote there.
 */
record SpoolSchema(Path file, Connection connection) {
  private static final String CALLS_START =
      "CREATE TABLE spool_call (position INTEGER PRIMARY KEY AUTOINCREMENT,"
          + " checksum INTEGER NOT NULL, settles_hold INTEGER NOT NULL,"
          + " time_is_given INTEGER NOT NULL, reason TEXT, buried_at INTEGER, ";
  private static final String CALLS_END = ") STRICT";
  private static final List<String> COLUMNS =
      Arrays.stream(USAGE_EVENT.fields()).map(SpoolSchema::column).toList();
  private static final String AMOUNTS =
      "CREATE TABLE spool_open_amount (limit_name TEXT NOT NULL, subject TEXT NOT NULL,"
          + " amount INTEGER NOT NULL, checksum INTEGER NOT NULL,"
          + " PRIMARY KEY (limit_name, subject)) STRICT, WITHOUT ROWID";
  // SQLite makes this table by itself for AUTOINCREMENT.
  private static final String SEQUENCE = "CREATE TABLE sqlite_sequence(name,seq)";

  // ANALYZE makes these tables, whoever ran it; they say nothing about ours.
  private static final List<Stored> STATISTICS =
      List.of(
          Stored.table("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
          Stored.table("sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"));

  // The first version that had spools ended with the column "late".
  private static final int FEWEST_COLUMNS = COLUMNS.indexOf("late INTEGER") + 1;

  private static final Pattern CALLS_OF_NEWER_VERSIONS =
      Pattern.compile(
          Pattern.quote(calls(COLUMNS.size(), ""))
              + "((, [a-z0-9_]+ (BLOB|TEXT|INTEGER))+)"
              + Pattern.quote(CALLS_END));

  private record Stored(String type, String name, String table, String sql) {
    static Stored table(String name, String sql) {
      return new Stored("table", name, name, sql);
    }
  }

  private static String column(Field<?> field) {
    Class<?> type = field.getType();
    if (type == UUID.class || type == byte[].class) {
      return field.getName() + " BLOB";
    }
    return field.getName() + (type == String.class ? " TEXT" : " INTEGER");
  }

  private static String calls(int columns, String end) {
    return CALLS_START + String.join(", ", COLUMNS.subList(0, columns)) + end;
  }

  private static List<Stored> stored(int columns) {
    return List.of(
        Stored.table("spool_call", calls(columns, CALLS_END)),
        Stored.table("sqlite_sequence", SEQUENCE),
        Stored.table("spool_open_amount", AMOUNTS));
  }

  /**
   * Checks what the file says about its tables, if it has any.
   *
   * @throws SpoolDamage if that is not what this version or one before it writes
   * @throws BackendException UNUSABLE if a newer version wrote it
   */
  void verify() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<Stored> stored = stored(statement);
      if (!stored.isEmpty()) {
        columns(stored);
      }
    }
  }

  /** Makes the tables where there are none, and adds the columns that older ones lack. */
  void prepare() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<Stored> stored = stored(statement);
      if (stored.isEmpty()) {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute(calls(COLUMNS.size(), CALLS_END));
        statement.execute(AMOUNTS);
        statement.execute("COMMIT");
        return;
      }
      for (String missing : COLUMNS.subList(columns(stored), COLUMNS.size())) {
        statement.execute("ALTER TABLE spool_call ADD COLUMN " + missing);
      }
    }
  }

  private static List<Stored> stored(Statement statement) throws SQLException {
    List<Stored> stored = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery("SELECT type, name, tbl_name, sql FROM sqlite_schema")) {
      while (row.next()) {
        stored.add(new Stored(text(row, 1), text(row, 2), text(row, 3), text(row, 4)));
      }
    }
    stored.removeAll(STATISTICS);
    return stored;
  }

  private static String text(ResultSet row, int column) throws SQLException {
    return String.valueOf(row.getString(column));
  }

  /** Returns how many columns of records the table has. */
  private int columns(List<Stored> stored) throws SpoolDamage {
    for (Stored one : stored) {
      var newer = CALLS_OF_NEWER_VERSIONS.matcher(one.sql());
      if (newer.matches()) {
        throw new BackendException(
            BackendException.Kind.UNUSABLE,
            "%s was written by a newer version of this library, which knows %s; use that one"
                .formatted(file, newer.group(1).substring(2)));
      }
    }
    return IntStream.rangeClosed(FEWEST_COLUMNS, COLUMNS.size())
        .filter(columns -> stored.equals(stored(columns)))
        .findFirst()
        .orElseThrow(
            () -> new SpoolDamage("what it says about its tables is not what was written"));
  }
}
