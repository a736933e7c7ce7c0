package io.llmaccounting.cli.readonly;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL schema, asked in a transaction that the server keeps read-only. The question travels
 * as a value and is opened as a cursor by the server, which takes one statement that gives back
 * rows and nothing else: what is typed cannot end the transaction, and once the transaction has
 * looked at anything, the server lets nobody make it writable. A role that may become {@code
 * pg_read_all_data}, as superusers may, becomes it.
 */
public final class ReadOnlyPostgres implements ReadOnlyDatabase {
  private static final int FIRST_ROWS = 16;
  private static final int MOST_ROWS = 500;
  private static final long BYTES_AT_ONCE = 8L * 1024 * 1024;
  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final String STATEMENT = "llm_accounting.question";
  private static final String OPEN =
      """
      DO $do$
      DECLARE answer refcursor := 'answer';
      BEGIN
        OPEN answer NO SCROLL FOR EXECUTE current_setting('llm_accounting.question');
      END $do$\
      """;

  private final Place place;

  /**
   * Where to ask.
   *
   * @param url {@code jdbc:postgresql:...}
   * @param user the role, or null for the driver's own choice
   * @param password the role's, or null
   * @param schema where tables and views are looked for
   */
  public record Place(String url, @Nullable String user, @Nullable String password, String schema) {
    /** Does not tell the password. */
    @Override
    public String toString() {
      return "schema " + schema + " as " + user;
    }
  }

  /** Asks there. */
  public ReadOnlyPostgres(Place place) {
    this.place = place;
  }

  @Override
  public boolean ask(String sql, SelectCaps caps, RowReader reader) throws SQLException {
    long deadline = caps.deadline();
    try (Connection connection = open();
        Statement control = connection.createStatement()) {
      control.setEscapeProcessing(false);
      control.execute("SET LOCAL statement_timeout = " + caps.time().toMillis());
      control.execute("SET LOCAL search_path = " + place.schema() + ", pg_catalog");
      becomeReader(control);
      // from the first look on, nobody makes the transaction writable any more
      control.execute("SELECT count(*) FROM pg_catalog.pg_class");
      setQuestion(connection, sql);
      control.execute(OPEN);
      return read(control, caps, deadline, reader);
    }
  }

  private Connection open() throws SQLException {
    Properties properties = new Properties();
    if (place.user() != null) {
      properties.setProperty("user", place.user());
    }
    if (place.password() != null) {
      properties.setProperty("password", place.password());
    }
    properties.setProperty("maxResultBuffer", Long.toString(mostBytes()));
    properties.setProperty("ApplicationName", "llm-accounting select");
    properties.setProperty("options", "-c default_transaction_read_only=on");
    Connection connection = DriverManager.getConnection(place.url(), properties);
    boolean ready = false;
    try {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
  }

  private static void becomeReader(Statement control) throws SQLException {
    try (ResultSet may =
        control.executeQuery("SELECT pg_has_role(current_user, 'pg_read_all_data', 'MEMBER')")) {
      may.next();
      if (!may.getBoolean(1)) {
        return;
      }
    }
    control.execute("SET LOCAL ROLE pg_read_all_data");
  }

  private static void setQuestion(Connection connection, String sql) throws SQLException {
    try (PreparedStatement set = connection.prepareStatement("SELECT set_config(?, ?, true)")) {
      set.setString(1, STATEMENT);
      set.setString(2, sql);
      set.execute();
    }
  }

  /** The most that one answer of the server may be, so that a small heap is not filled by it. */
  private static long mostBytes() {
    return Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 8);
  }

  // Rows come in portions, fewer at once where rows are large: a portion is in memory as a whole.
  private static boolean read(Statement control, SelectCaps caps, long deadline, RowReader reader)
      throws SQLException {
    int count = 0;
    int portion = FIRST_ROWS;
    List<String> names = List.of();
    while (true) {
      int before = count;
      long largest = 1;
      try (ResultSet rows = portion(control, portion, deadline)) {
        if (count == 0) {
          names = RowValues.names(rows);
          reader.columns(names);
        }
        while (rows.next()) {
          if (count == caps.rows()) {
            return false;
          }
          @Nullable Object[] values = RowValues.of(rows, names.size());
          largest = Math.max(largest, size(values));
          reader.row(values);
          count++;
        }
      }
      if (count - before < portion) {
        return true;
      }
      long fitting = Math.max(1, BYTES_AT_ONCE / largest);
      portion = (int) Math.min(fitting, Math.min(MOST_ROWS, portion * 2L));
    }
  }

  private static ResultSet portion(Statement control, int rows, long deadline) throws SQLException {
    long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    control.execute("SET LOCAL statement_timeout = " + Math.max(1, left));
    try {
      return control.executeQuery("FETCH " + rows + " FROM answer");
    } catch (SQLException e) {
      boolean tooLarge = String.valueOf(e.getMessage()).contains("maxResultBuffer");
      throw tooLarge
          ? new SQLException(
              "its rows are too large: more than %d MB at once; cut long columns with the function left"
                  .formatted(mostBytes() >> 20),
              e)
          : e;
    }
  }

  private static long size(@Nullable Object[] values) {
    long size = 0;
    for (Object value : values) {
      size += value instanceof String text ? text.length() : Long.BYTES;
    }
    return size;
  }
}
