package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads, locks, writes and removes counters, or their bases. Safe for use by many threads. */
public final class CounterRows {
  // Marks a row that was made only to be locked.
  private static final long NO_COUNTER_YET = Long.MIN_VALUE;

  private final SqlDialect dialect;
  private final boolean becomeIdle;
  private final String all;
  private final String deleteAll;
  private final MultiRow read;
  private final MultiRow lock;
  private final MultiRow write;
  private final MultiRow create;
  private final MultiRow lockFree;
  private final MultiRow remove;
  private final String page;
  private final MultiRow ofLimits;
  private final MultiRow delete;

  /** Renders the statements that work on counters. */
  public CounterRows(SqlDialect dialect) {
    this(dialect, "quota_counter", true);
  }

  /** Makes rows of bases: what counters go on counting of purged records. */
  public static CounterRows ofBases(SqlDialect dialect) {
    return new CounterRows(dialect, "quota_base", false);
  }

  private CounterRows(SqlDialect dialect, String table, boolean becomeIdle) {
    this.dialect = dialect;
    this.becomeIdle = becomeIdle;
    Shards shards = dialect.shards();
    String idleFrom = becomeIdle ? ", idle_from, idle_as_of" : "";
    String select = "SELECT limit_id, subject, as_of, state" + idleFrom + " FROM " + table;
    String remove = "DELETE FROM " + table;
    this.all = select + shards.onlyHome();
    this.deleteAll = remove + shards.onlyHome();
    String insert = "INSERT INTO " + table + " (limit_id, subject, as_of, state" + idleFrom + ") ";
    int columns = becomeIdle ? 6 : 4;
    String some = select + " WHERE " + shards.home() + "(limit_id, subject) IN (";
    String ordered = ") ORDER BY limit_id, subject";
    this.read = new MultiRow(dialect, some, 2, ")");
    this.lock =
        new MultiRow(dialect, some, 2, ordered + dialect.locking(SqlDialect.RowLock.EXCLUSIVE));
    this.write = new MultiRow(dialect, insert, columns, orReplace(shards, becomeIdle));
    this.create = new MultiRow(dialect, insert, columns, " ON CONFLICT DO NOTHING");
    this.lockFree =
        new MultiRow(dialect, some, 2, ")" + dialect.locking(SqlDialect.RowLock.IF_FREE));
    this.remove =
        new MultiRow(
            dialect, remove + " WHERE " + shards.home() + "(limit_id, subject) IN (", 2, ")");
    this.page =
        select
            + " WHERE "
            + shards.home()
            + "(limit_id, subject) > (?, ?) ORDER BY limit_id, subject LIMIT ?";
    String ofThese = " WHERE " + shards.home() + "limit_id IN (";
    this.ofLimits = new MultiRow(dialect, select + ofThese, 1, ")");
    this.delete = new MultiRow(dialect, remove + ofThese, 1, ")");
  }

  private static String orReplace(Shards shards, boolean becomeIdle) {
    return " ON CONFLICT ("
        + shards.key("limit_id, subject")
        + ") DO UPDATE SET as_of = excluded.as_of, state = excluded.state"
        + (becomeIdle ? ", idle_from = excluded.idle_from, idle_as_of = excluded.idle_as_of" : "");
  }

  /** Those of {@code keys} that exist. */
  Map<CounterKey, CounterState> read(SqlSession session, Collection<CounterKey> keys)
      throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    Pipeline alone = new Pipeline(session);
    fetch(alone, read, keys, row -> row.putIfCounter(found));
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
                .bytes(CounterState.EMPTY.cells())
                .number(CounterState.EMPTY.idleFrom())
                .number(NO_COUNTER_YET));
  }

  /** Those of {@code keys} that exist, locked in the order of the keys. */
  public Map<CounterKey, CounterState> lock(SqlSession session, Collection<CounterKey> keys)
      throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    Pipeline alone = new Pipeline(session);
    lock(alone, keys, row -> row.putIfCounter(found));
    alone.run();
    return found;
  }

  /** Reads those of {@code keys} that have a row, locked in the order of the keys. */
  void lock(Pipeline pipeline, Collection<CounterKey> keys, Consumer<Row> reader)
      throws SQLException {
    fetch(pipeline, lock, keys, reader);
  }

  private void fetch(
      Pipeline pipeline, MultiRow statement, Collection<CounterKey> keys, Consumer<Row> reader)
      throws SQLException {
    statement.add(
        pipeline,
        new ArrayList<>(keys),
        CounterRows::bind,
        row -> reader.accept(row(new Columns(row, dialect))));
  }

  private static void bind(CounterKey key, Parameters to) throws SQLException {
    to.number(key.limitId()).text(key.subject());
  }

  /** A row, which may have been made only to be locked. */
  record Row(CounterKey key, CounterState state) {
    void putIfCounter(Map<CounterKey, CounterState> to) {
      if (state.asOf() != NO_COUNTER_YET) {
        to.put(key, state);
      }
    }
  }

  private Row row(Columns from) throws SQLException {
    CounterKey key = new CounterKey(from.number(), from.text());
    long asOf = from.number();
    byte[] cells = from.bytes();
    long idleFrom = CounterState.NEVER;
    if (becomeIdle) {
      long known = from.number();
      idleFrom = from.number() == asOf ? known : CounterState.NEVER;
    }
    return new Row(key, new CounterState(asOf, cells, idleFrom));
  }

  /** Reads the first rows after {@code after}, in the order of the keys. */
  void page(Pipeline pipeline, CounterKey after, int count, Consumer<Row> reader)
      throws SQLException {
    pipeline.add(
        page,
        (statement, first) -> {
          statement.setLong(first, after.limitId());
          statement.setString(first + 1, after.subject());
          statement.setInt(first + 2, count);
          return first + 3;
        },
        row -> reader.accept(row(new Columns(row, dialect))));
  }

  /** Removes those of {@code keys} that are idle and that nobody else has locked. */
  void removeIdle(SqlSession session, List<CounterKey> keys, long now) throws SQLException {
    List<CounterKey> idle = new ArrayList<>();
    Pipeline alone = new Pipeline(session);
    fetch(
        alone,
        lockFree,
        keys,
        row -> {
          if (row.state().idleFrom() <= now) {
            idle.add(row.key());
          }
        });
    alone.run();
    remove.update(session, idle, CounterRows::bind);
  }

  /** Every counter, by key. */
  public Map<CounterKey, CounterState> all(SqlSession session) throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    try (ResultSet rows = session.prepare(all).executeQuery()) {
      while (rows.next()) {
        row(new Columns(rows, session.dialect())).putIfCounter(found);
      }
    }
    return found;
  }

  /** The counters of some limits, by key. */
  Map<CounterKey, CounterState> of(SqlSession session, Collection<Long> limitIds)
      throws SQLException {
    Map<CounterKey, CounterState> found = new TreeMap<>();
    ofLimits.query(
        session,
        List.copyOf(limitIds),
        (limitId, to) -> to.number(limitId),
        row -> row(new Columns(row, dialect)).putIfCounter(found));
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
        (row, to) -> {
          bind(row.getKey(), to);
          to.number(row.getValue().asOf()).bytes(row.getValue().cells());
          if (becomeIdle) {
            to.number(row.getValue().idleFrom()).number(row.getValue().asOf());
          }
        });
  }

  /** Removes the counters of some limits. */
  public void delete(SqlSession session, Collection<Long> limitIds) throws SQLException {
    delete.update(session, List.copyOf(limitIds), (limitId, to) -> to.number(limitId));
  }

  /** Removes every counter. */
  public void deleteAll(SqlSession session) throws SQLException {
    session.prepare(deleteAll).executeUpdate();
  }
}
