package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Numbers of the whole store, each a row that is always there. Where shards lie on several servers
 * each shard has a copy of those that ledgers read, so that they need no other server for them.
 */
public enum StoreSettings {
  /** Grows with every change of a limit. */
  LIMIT_REVISION,
  /** The last id given to a limit. */
  LIMIT_ID,
  /** Grows with every change of the directory. */
  DIRECTORY_REVISION,
  /** Usage before this instant may be gone; microseconds since 1970. */
  PURGE_HORIZON,
  /**
   * Until when ledgers write down which records they change, 0 if never; microseconds since 1970.
   */
  CHANGES_KEPT_UNTIL,
  /** Grows when records are removed, or rewritten by anybody but a ledger. */
  RECORDS_REVISION,
  /** How many names of one dimension rollups tell apart on one day. */
  NAMES_PER_DAY,
  /** Grows with every change of that, and of the names that rollups tell apart, but by a ledger. */
  NAMES_REVISION,
  /** Grows with every change of a key by which callers are known, but of its last use. */
  ACCESS_REVISION,
  /** Grows with every change of a credential. */
  CREDENTIAL_REVISION,
  /** Grows when a sink is opened or removed. */
  SINKS_REVISION;

  private static final Set<StoreSettings> COPIED =
      EnumSet.of(LIMIT_REVISION, PURGE_HORIZON, CHANGES_KEPT_UNTIL, NAMES_REVISION, SINKS_REVISION);

  private final String key = name().toLowerCase(java.util.Locale.ROOT);

  /** The number now. */
  public long read(SqlSession session) throws SQLException {
    return number(session.prepare(select(session.dialect())));
  }

  /** The number now, locked until the transaction ends. */
  public long read(SqlSession session, SqlDialect.RowLock lock) throws SQLException {
    return number(session.prepare(select(session.dialect()) + session.dialect().locking(lock)));
  }

  /** Reads the number together with what else is in the pipeline, locked. */
  void read(Pipeline pipeline, SqlSession session, SqlDialect.RowLock lock, LongConsumer reader)
      throws SQLException {
    read(pipeline, select(session.dialect()) + session.dialect().locking(lock), reader);
  }

  /** Reads the number together with what else is in the pipeline, as it is then. */
  void read(Pipeline pipeline, SqlSession session, LongConsumer reader) throws SQLException {
    read(pipeline, select(session.dialect()), reader);
  }

  private void read(Pipeline pipeline, String sql, LongConsumer reader) throws SQLException {
    pipeline.add(
        sql,
        (statement, first) -> {
          statement.setString(first, key);
          return first + 1;
        },
        row -> reader.accept(row.getLong(1)));
  }

  /** The name of its row. */
  String key() {
    return key;
  }

  /** True if every shard has a copy. */
  private boolean isCopied() {
    return COPIED.contains(this);
  }

  /** The names of those of which every shard has a copy where shards lie on several servers. */
  public static List<String> copied() {
    return COPIED.stream().map(setting -> setting.key).toList();
  }

  /**
   * Reads the copies of a shard in one statement. Nobody changes them meanwhile: not for the locks
   * of rows, which keep only their keys, but because {@link #keepLedgersOut} waits for any.
   */
  static void readCopies(Pipeline pipeline, int shard, Map<StoreSettings, LongConsumer> readers)
      throws SQLException {
    Map<String, LongConsumer> byKey = new LinkedHashMap<>();
    readers.forEach((setting, reader) -> byKey.put(setting.key, reader));
    pipeline.add(
        "SELECT name, value FROM settings WHERE shard_key = ? AND name IN (?"
            + ", ?".repeat(byKey.size() - 1)
            + ") FOR KEY SHARE",
        (statement, first) -> {
          int next = first;
          statement.setInt(next++, shard);
          for (String key : byKey.keySet()) {
            statement.setString(next++, key);
          }
          return next;
        },
        row -> byKey.getOrDefault(row.getString(1), value -> {}).accept(row.getLong(2)));
  }

  /** Reads several numbers in one statement, as they are then. */
  static void readAll(
      Pipeline pipeline, SqlSession session, Map<StoreSettings, LongConsumer> readers)
      throws SQLException {
    Map<String, LongConsumer> byKey = new LinkedHashMap<>();
    readers.forEach((setting, reader) -> byKey.put(setting.key, reader));
    pipeline.add(
        "SELECT name, value FROM settings WHERE "
            + session.dialect().shards().home()
            + "name IN (?"
            + ", ?".repeat(byKey.size() - 1)
            + ")",
        (statement, first) -> {
          int next = first;
          for (String key : byKey.keySet()) {
            statement.setString(next++, key);
          }
          return next;
        },
        row -> byKey.getOrDefault(row.getString(1), value -> {}).accept(row.getLong(2)));
  }

  /**
   * Lets no transaction of a ledger run beside this one; waits for those under way. On PostgreSQL
   * by locking the table, which queues: rows that others never stop sharing are never free.
   */
  public static void keepLedgersOut(SqlSession session) throws SQLException {
    if (!session.dialect().locking(SqlDialect.RowLock.EXCLUSIVE).isEmpty()) {
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
                + written(session)
                + "name = ? RETURNING value");
    statement.setLong(1, more);
    statement.setString(2, key);
    return read(statement);
  }

  /** Makes it 0. */
  void clear(SqlSession session) throws SQLException {
    PreparedStatement statement =
        session.prepare("UPDATE settings SET value = 0 WHERE " + written(session) + "name = ?");
    statement.setString(1, key);
    statement.executeUpdate();
  }

  private String written(SqlSession session) {
    Shards shards = session.dialect().shards();
    return isCopied() ? shards.everyCopy() : shards.home();
  }

  private static String select(SqlDialect dialect) {
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

  BackendException missing() {
    return Damage.of("settings must have a row \"" + key + "\", had none");
  }
}
