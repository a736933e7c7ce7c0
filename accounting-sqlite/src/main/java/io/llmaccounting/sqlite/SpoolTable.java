package io.llmaccounting.sqlite;

import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes calls of a spool's file. Every row that is read is what was written. */
final class SpoolTable {
  private static final String PAGE =
      SpoolRow.SELECT + " WHERE position > ? AND reason IS %s ORDER BY position LIMIT ?";
  private static final String WAITING = PAGE.formatted("NULL");
  private static final String DEAD = PAGE.formatted("NOT NULL");
  private static final String ALL =
      SpoolRow.SELECT + " WHERE position > ? ORDER BY position LIMIT ?";
  private static final String ONE = SpoolRow.SELECT + " WHERE position = ?";
  private static final String DELETE = "DELETE FROM spool_call WHERE position = ?";
  private static final String DELETE_WAITING = DELETE + " AND reason IS NULL";
  private static final String DELETE_DEAD = DELETE + " AND reason IS NOT NULL";
  private static final String COUNT = "SELECT count(*), count(reason) FROM spool_call";
  private static final String OLDEST =
      "SELECT settled_at FROM spool_call WHERE reason IS NULL ORDER BY position LIMIT 1";

  private static final int LEAP = 1_000_000;

  private SpoolTable() {}

  /** How many rows there are, and how many of them are dead letters. */
  record Counts(long rows, long dead) {
    Counts plus(Counts more) {
      return new Counts(rows + more.rows, dead + more.dead);
    }
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  static List<SpoolEntry> waiting(SqlSession session, long after, int count) throws SQLException {
    return page(
        session,
        WAITING,
        after,
        count,
        row -> new SpoolEntry(SpoolRow.read(row).position(), call(session, row)));
  }

  private static SpooledCall call(SqlSession session, ResultSet row) throws SQLException {
    return SpoolRow.call(row, session.dialect());
  }

  static List<DeadLetter> dead(SqlSession session, long after, int count) throws SQLException {
    return page(
        session,
        DEAD,
        after,
        count,
        row -> {
          SpoolRow.read(row);
          return SpoolRow.deadLetter(row, session.dialect());
        });
  }

  static List<SpoolRow> rows(SqlSession session, long after, int count) throws SQLException {
    return page(session, ALL, after, count, SpoolRow::read);
  }

  private static <T> List<T> page(
      SqlSession session, String sql, long after, int count, Reader<T> reader) throws SQLException {
    List<T> page = new ArrayList<>();
    PreparedStatement statement = session.prepare(sql);
    statement.setLong(1, after);
    statement.setInt(2, count);
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        page.add(reader.read(row));
      }
    }
    return page;
  }

  /** Inserts a row that was saved at its place, or at the end where that is taken. */
  static void insertOnce(SqlSession session, SpoolRow row) throws SQLException {
    SpoolRow there = one(session, row.position());
    (there == null ? row : row.at(0)).insert(session);
  }

  /** Skips positions that lost calls may have had, so that none is used again. */
  static void leap(SqlSession session) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      int changed =
          statement.executeUpdate(
              "UPDATE sqlite_sequence SET seq = seq + " + LEAP + " WHERE name = 'spool_call'");
      if (changed == 0) {
        statement.executeUpdate(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('spool_call', " + LEAP + ")");
      }
    }
  }

  private static @Nullable SpoolRow one(SqlSession session, long position) throws SQLException {
    PreparedStatement statement = session.prepare(ONE);
    statement.setLong(1, position);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? SpoolRow.read(row) : null;
    }
  }

  static int remove(SqlSession session, Collection<Long> positions) throws SQLException {
    int removed = 0;
    for (long position : positions) {
      removed += delete(session, DELETE_WAITING, position);
    }
    return removed;
  }

  static int discard(SqlSession session, long position) throws SQLException {
    return delete(session, DELETE_DEAD, position);
  }

  static void removeRows(SqlSession session, List<SpoolRow> rows) throws SQLException {
    for (SpoolRow row : rows) {
      delete(session, DELETE, row.position());
    }
  }

  private static int delete(SqlSession session, String sql, long position) throws SQLException {
    PreparedStatement statement = session.prepare(sql);
    statement.setLong(1, position);
    return statement.executeUpdate();
  }

  /** Returns how many it buried: 1 or 0. */
  static int bury(SqlSession session, long position, String reason, Instant at)
      throws SQLException {
    SpoolRow row = one(session, position);
    if (row == null || row.isBuried()) {
      return 0;
    }
    replace(session, row.buried(reason, Micros.of(at)));
    return 1;
  }

  /** Returns how many it restored: 1 or 0. */
  static int restore(SqlSession session, long position) throws SQLException {
    SpoolRow row = one(session, position);
    if (row == null || !row.isBuried()) {
      return 0;
    }
    replace(session, row.buried(null, null));
    return 1;
  }

  private static void replace(SqlSession session, SpoolRow row) throws SQLException {
    delete(session, DELETE, row.position());
    row.insert(session);
  }

  static Counts counts(SqlSession session) throws SQLException {
    try (ResultSet row = session.prepare(COUNT).executeQuery()) {
      row.next();
      return new Counts(row.getLong(1), row.getLong(2));
    }
  }

  /** When the first of the waiting calls was recorded. */
  static @Nullable Instant oldest(SqlSession session) throws SQLException {
    try (ResultSet row = session.prepare(OLDEST).executeQuery()) {
      return row.next() ? Micros.instant(row.getLong(1)) : null;
    }
  }
}
