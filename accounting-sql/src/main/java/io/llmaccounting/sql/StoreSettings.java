package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Numbers of the whole store, each a row that is always there. */
public enum StoreSettings {
  /** Grows with every change of a limit. */
  LIMIT_REVISION,
  /** The last id given to a limit. */
  LIMIT_ID,
  /** Grows with every change of the directory. */
  DIRECTORY_REVISION,
  /** Usage before this instant may be gone; microseconds since 1970. */
  PURGE_HORIZON,
  /** How many expired holds were ever removed. */
  HOLDS_SWEPT;

  /**
   * What a ledger's transaction begins with.
   *
   * @param limitRevision the revision of the limits, locked so that nobody changes one meanwhile
   * @param purgeHorizon the purge horizon, which nobody moves meanwhile
   */
  record Entrance(long limitRevision, long purgeHorizon) {}

  private final String key = name().toLowerCase(java.util.Locale.ROOT);

  /** The number now. */
  public long read(SqlSession session) throws SQLException {
    return number(session.prepare(select(session.dialect())));
  }

  /** The number now, locked until the transaction ends. */
  public long read(SqlSession session, Dialect.RowLock lock) throws SQLException {
    return number(session.prepare(select(session.dialect()) + session.dialect().locking(lock)));
  }

  /** Enters a ledger's transaction: keeps out whoever {@link #keepLedgersOut}. */
  static Entrance enterLedger(SqlSession session) throws SQLException {
    Dialect dialect = session.dialect();
    String home = " FROM settings WHERE " + dialect.shards().home() + "name = ?";
    PreparedStatement statement =
        session.prepare(
            "SELECT value, (SELECT value%s)%s%s"
                .formatted(home, home, dialect.locking(Dialect.RowLock.SHARED)));
    statement.setString(1, PURGE_HORIZON.key);
    statement.setString(2, LIMIT_REVISION.key);
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw LIMIT_REVISION.missing();
      }
      Entrance entrance = new Entrance(row.getLong(1), row.getLong(2));
      if (row.wasNull()) {
        throw PURGE_HORIZON.missing();
      }
      return entrance;
    }
  }

  /**
   * Lets no transaction of a ledger run beside this one; waits for those under way. On PostgreSQL
   * by locking the table, which queues: rows that others never stop sharing are never free.
   */
  public static void keepLedgersOut(SqlSession session) throws SQLException {
    if (!session.dialect().locking(Dialect.RowLock.EXCLUSIVE).isEmpty()) {
      session.prepare("LOCK TABLE settings IN EXCLUSIVE MODE").execute();
    }
  }

  /** Adds one and returns the new number. */
  public long next(SqlSession session) throws SQLException {
    return add(session, 1);
  }

  /** Adds to it and returns the new number. */
  public long add(SqlSession session, long more) throws SQLException {
    PreparedStatement statement =
        session.prepare(
            "UPDATE settings SET value = value + ? WHERE "
                + session.dialect().shards().home()
                + "name = ? RETURNING value");
    statement.setLong(1, more);
    statement.setString(2, key);
    return read(statement);
  }

  private static String select(Dialect dialect) {
    return "SELECT value FROM settings WHERE " + dialect.shards().home() + "name = ?";
  }

  private long number(PreparedStatement statement) throws SQLException {
    statement.setString(1, key);
    return read(statement);
  }

  private long read(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw missing();
      }
      return row.getLong(1);
    }
  }

  private RuntimeException missing() {
    return Damage.of("settings must have a row \"" + key + "\", had none");
  }
}
