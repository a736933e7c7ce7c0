package io.llmaccounting.sqlite;

import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.Saturated;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes what limits that fail open let through. */
final class SpoolAmounts {
  private static final List<String> COLUMNS = List.of("limit_name", "subject", "amount");
  private static final String ALL =
      "SELECT limit_name, subject, amount, checksum FROM spool_open_amount";
  private static final String ONE = ALL + " WHERE limit_name = ? AND subject = ?";
  // no limit has this name
  private static final String MARK = "";
  private static final String DELETE =
      "DELETE FROM spool_open_amount WHERE limit_name = ? AND subject = ?";
  private static final String UPSERT =
      "INSERT OR REPLACE INTO spool_open_amount (limit_name, subject, amount, checksum)"
          + " VALUES (?, ?, ?, ?)";

  private SpoolAmounts() {}

  static Map<OpenLimit, Long> sums(SqlSession session) throws SQLException {
    Map<OpenLimit, Long> sums = new HashMap<>();
    try (ResultSet row = session.prepare(ALL).executeQuery()) {
      while (row.next()) {
        long amount = amount(row);
        if (!row.getString(1).equals(MARK)) {
          sums.put(new OpenLimit(row.getString(1), row.getString(2)), amount);
        }
      }
    }
    return sums;
  }

  private static long amount(ResultSet row) throws SQLException {
    long amount = row.getLong(3);
    if (checksum(row.getString(1), row.getString(2), amount) != row.getLong(4)) {
      throw new SpoolDamage("an open amount is not what was written");
    }
    return amount;
  }

  private static long checksum(String limit, String subject, long amount) {
    return Checksum.of(COLUMNS, List.of(limit, subject, amount));
  }

  static void add(SqlSession session, OpenLimit limit, long amount) throws SQLException {
    long sum = Math.max(0, Saturated.sum(one(session, limit.limit(), limit.subject()), amount));
    write(session, limit.limit(), limit.subject(), sum);
  }

  private static void write(SqlSession session, String limit, String subject, long sum)
      throws SQLException {
    PreparedStatement statement = session.prepare(sum == 0 ? DELETE : UPSERT);
    statement.setString(1, limit);
    statement.setString(2, subject);
    if (sum > 0) {
      statement.setLong(3, sum);
      statement.setLong(4, checksum(limit, subject, sum));
    }
    statement.executeUpdate();
  }

  private static long one(SqlSession session, String limit, String subject) throws SQLException {
    PreparedStatement statement = session.prepare(ONE);
    statement.setString(1, limit);
    statement.setString(2, subject);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? amount(row) : 0;
    }
  }

  static void reset(SqlSession session, Map<OpenLimit, Long> rest) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.execute("DELETE FROM spool_open_amount");
      statement.execute("PRAGMA user_version = 0");
    }
    for (Map.Entry<OpenLimit, Long> one : rest.entrySet()) {
      add(session, one.getKey(), one.getValue());
    }
  }

  /**
   * Notes that amounts may be missing, until the reset: in the field of the file's header that
   * SQLite leaves to users, which no checksum protects, and in a row, which has one. Earlier
   * versions wrote the field only.
   */
  static void markIncomplete(SqlSession session) throws SQLException {
    write(session, MARK, "", 1);
    try (Statement statement = session.connection().createStatement()) {
      statement.execute("PRAGMA user_version = 1");
    }
  }

  static boolean isUntouched(SqlSession session) throws SQLException {
    return sums(session).isEmpty() && complete(session);
  }

  static boolean complete(SqlSession session) throws SQLException {
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      row.next();
      return row.getLong(1) == 0 && one(session, MARK, "") == 0;
    }
  }
}
