package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads, locks and writes counters, or their bases. Safe for use by many threads. */
public final class CounterRows {
  // Marks a row that only gives others something to lock.
  private static final long NO_COUNTER_YET = Long.MIN_VALUE;

  private final Dialect dialect;
  private final String all;
  private final String deleteAll;
  private final MultiRow read;
  private final MultiRow lock;
  private final MultiRow write;
  private final MultiRow create;
  private final String ofLimit;
  private final String delete;

  /** Renders the statements that work on counters. */
  public CounterRows(Dialect dialect) {
    this(dialect, "quota_counter");
  }

  /** The same for what counters go on counting of purged records. */
  public static CounterRows ofBases(Dialect dialect) {
    return new CounterRows(dialect, "quota_base");
  }

  private CounterRows(Dialect dialect, String table) {
    this.dialect = dialect;
    Shards shards = dialect.shards();
    this.all = "SELECT limit_id, subject, as_of, state FROM " + table;
    this.deleteAll = "DELETE FROM " + table;
    String insert = "INSERT INTO " + table + " (limit_id, subject, as_of, state) ";
    String some = all + " WHERE " + shards.home() + "(limit_id, subject) IN (";
    String ordered = ") ORDER BY limit_id, subject";
    this.read = new MultiRow(dialect, some, 2, ")");
    this.lock =
        new MultiRow(dialect, some, 2, ordered + dialect.locking(Dialect.RowLock.EXCLUSIVE));
    this.write =
        new MultiRow(
            dialect,
            insert,
            4,
            " ON CONFLICT ("
                + shards.key("limit_id, subject")
                + ") DO UPDATE SET as_of = excluded.as_of, state = excluded.state");
    this.create = new MultiRow(dialect, insert, 4, " ON CONFLICT DO NOTHING");
    this.ofLimit = all + " WHERE " + shards.home() + "limit_id = ?";
    this.delete = deleteAll + " WHERE " + shards.home() + "limit_id = ?";
  }

  /** Those of {@code keys} that exist. */
  Map<CounterKey, CounterState> read(SqlSession session, Collection<CounterKey> keys)
      throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    Pipeline alone = new Pipeline(session);
    fetch(alone, read, keys, found);
    alone.run();
    return found;
  }

  /** Makes rows to lock where there are none; in the order of the keys. */
  void create(Pipeline pipeline, Collection<CounterKey> keys) throws SQLException {
    create.add(
        pipeline,
        new ArrayList<>(keys),
        (key, to) ->
            to.number(key.limitId())
                .text(key.subject())
                .number(NO_COUNTER_YET)
                .bytes(CounterState.EMPTY.cells()));
  }

  /** Those of {@code keys} that exist, locked in the order of the keys. */
  public Map<CounterKey, CounterState> lock(SqlSession session, Collection<CounterKey> keys)
      throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    Pipeline alone = new Pipeline(session);
    lock(alone, keys, found);
    alone.run();
    return found;
  }

  /** Adds those of {@code keys} that exist, locked in the order of the keys. */
  void lock(Pipeline pipeline, Collection<CounterKey> keys, Map<CounterKey, CounterState> found)
      throws SQLException {
    fetch(pipeline, lock, keys, found);
  }

  private void fetch(
      Pipeline pipeline,
      MultiRow statement,
      Collection<CounterKey> keys,
      Map<CounterKey, CounterState> found)
      throws SQLException {
    statement.add(
        pipeline,
        new ArrayList<>(keys),
        (key, to) -> to.number(key.limitId()).text(key.subject()),
        row -> put(new Columns(row, dialect), found));
  }

  private static void put(Columns from, Map<CounterKey, CounterState> to) throws SQLException {
    CounterKey key = new CounterKey(from.number(), from.text());
    CounterState state = new CounterState(from.number(), from.bytes());
    if (state.asOf() != NO_COUNTER_YET) {
      to.put(key, state);
    }
  }

  /** Every counter, by key. */
  public Map<CounterKey, CounterState> all(SqlSession session) throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    try (ResultSet rows = session.prepare(all).executeQuery()) {
      while (rows.next()) {
        put(new Columns(rows, session.dialect()), found);
      }
    }
    return found;
  }

  /** The counters of some limits, by key. */
  Map<CounterKey, CounterState> of(SqlSession session, Collection<Long> limitIds)
      throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    PreparedStatement statement = session.prepare(ofLimit);
    for (long limitId : limitIds) {
      statement.setLong(1, limitId);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          put(new Columns(rows, session.dialect()), found);
        }
      }
    }
    return found;
  }

  /** Writes states, new or changed. */
  public void write(SqlSession session, Map<CounterKey, CounterState> states) throws SQLException {
    Pipeline alone = new Pipeline(session);
    write(alone, states);
    alone.run();
  }

  /** Writes states together with what else is in the pipeline. */
  void write(Pipeline pipeline, Map<CounterKey, CounterState> states) throws SQLException {
    List<Map.Entry<CounterKey, CounterState>> rows =
        new ArrayList<>(new TreeMap<>(states).entrySet());
    write.add(
        pipeline,
        rows,
        (row, to) ->
            to.number(row.getKey().limitId())
                .text(row.getKey().subject())
                .number(row.getValue().asOf())
                .bytes(row.getValue().cells()));
  }

  /** Removes the counters of one limit. */
  void delete(SqlSession session, long limitId) throws SQLException {
    PreparedStatement statement = session.prepare(delete);
    statement.setLong(1, limitId);
    statement.executeUpdate();
  }

  /** Removes every counter. */
  public void deleteAll(SqlSession session) throws SQLException {
    session.prepare(deleteAll).executeUpdate();
  }
}
