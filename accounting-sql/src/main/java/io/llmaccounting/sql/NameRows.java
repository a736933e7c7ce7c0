package io.llmaccounting.sql;

import io.llmaccounting.usage.ReportRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/** The names that rollups of a day tell apart, in their tables. Safe for use by many threads. */
public final class NameRows {
  private static final String INSERT = "INSERT INTO rollup_name (day, dimension, name) ";

  private final SqlDialect dialect;
  private final Shards shards;
  private final MultiRow find;
  private final MultiRow register;
  private final MultiRow count;
  private final String allFull;
  private final String isFull;
  private final String markFull;
  private final String ofDay;

  /** Renders the statements. */
  public NameRows(SqlDialect dialect) {
    this.dialect = dialect;
    this.shards = dialect.shards();
    this.find =
        new MultiRow(
            dialect,
            "SELECT day, dimension, name FROM rollup_name WHERE "
                + shards.home()
                + "(day, dimension, name) IN (",
            3,
            ")");
    this.register =
        new MultiRow(dialect, INSERT, 3, " ON CONFLICT DO NOTHING RETURNING day, dimension, name");
    this.count =
        new MultiRow(
            dialect,
            "SELECT day, dimension, count(*) FROM rollup_name WHERE "
                + shards.home()
                + "(day, dimension) IN (",
            2,
            ") GROUP BY day, dimension");
    this.allFull = "SELECT day, dimension FROM rollup_full" + shards.onlyHome();
    this.isFull = "SELECT 1 FROM rollup_full WHERE " + shards.home() + "day = ? AND dimension = ?";
    this.markFull = "INSERT INTO rollup_full (day, dimension) VALUES (?, ?) ON CONFLICT DO NOTHING";
    this.ofDay =
        "SELECT n.dimension, n.name FROM rollup_name n WHERE "
            + shards.home("n")
            + "n.day = ? AND EXISTS (SELECT 1 FROM rollup_full f WHERE "
            + shards.home("f")
            + "f.day = n.day AND f.dimension = n.dimension)";
  }

  /** All dimensions of days that are full. */
  Set<RollupName.Day> full(SqlSession session) throws SQLException {
    Set<RollupName.Day> full = new HashSet<>();
    try (ResultSet row = session.prepare(allFull).executeQuery()) {
      while (row.next()) {
        full.add(day(new Columns(row, dialect)));
      }
    }
    return full;
  }

  /** Says where the usage of {@code keys} is counted at present. */
  NameFold fold(SqlSession session, Collection<RollupKey> keys) throws SQLException {
    return fold(session, full(session), keys);
  }

  /** Finds where the usage of {@code keys} goes, given what is full. */
  NameFold fold(SqlSession session, Set<RollupName.Day> full, Collection<RollupKey> keys)
      throws SQLException {
    Set<RollupName> asked = new TreeSet<>();
    for (RollupKey key : keys) {
      asked.addAll(NameFold.names(key, full));
    }
    Set<RollupName> own = new HashSet<>();
    Pipeline alone = new Pipeline(session);
    find(alone, asked, own::add);
    alone.run();
    return new NameFold(full, own);
  }

  /**
   * Says where the usage of the day that begins at {@code day} is counted; holds the names of that
   * day in memory.
   */
  public NameFold ofDay(SqlSession session, long day) throws SQLException {
    Set<RollupName.Day> full = full(session);
    full.removeIf(one -> one.start() != day);
    Set<RollupName> own = new HashSet<>();
    if (!full.isEmpty()) {
      PreparedStatement statement = session.prepare(ofDay);
      new Parameters(statement, dialect).number(day);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Columns from = new Columns(row, dialect);
          RollupDimension dimension = RollupDimension.ofStored(from.number());
          own.add(new RollupName(new RollupName.Day(day, dimension), from.text()));
        }
      }
    }
    return new NameFold(full, own);
  }

  /** Finds those of {@code names} that have rows of their own. */
  void find(Pipeline pipeline, Set<RollupName> names, Consumer<RollupName> found)
      throws SQLException {
    run(find, pipeline, names, found);
  }

  /**
   * Adds names, and hands over those that were not there; they are written in order, so that no two
   * transactions wait for each other.
   */
  void register(Pipeline pipeline, Set<RollupName> names, Consumer<RollupName> added)
      throws SQLException {
    run(register, pipeline, names, added);
  }

  private void run(
      MultiRow statement, Pipeline pipeline, Set<RollupName> names, Consumer<RollupName> returned)
      throws SQLException {
    statement.add(
        pipeline,
        new ArrayList<>(names),
        NameRows::bind,
        row -> {
          Columns from = new Columns(row, dialect);
          returned.accept(new RollupName(day(from), from.text()));
        });
  }

  /** Counts the names of some days. */
  void count(Pipeline pipeline, Set<RollupName.Day> days, ObjLongConsumer<RollupName.Day> counted)
      throws SQLException {
    count.add(
        pipeline,
        new ArrayList<>(days),
        (day, to) -> to.number(day.start()).number(day.dimension().stored()),
        row -> {
          Columns from = new Columns(row, dialect);
          counted.accept(day(from), from.number());
        });
  }

  /**
   * Marks a day as full if it has too many names, while nothing else writes. Names that have rows
   * of their own by then keep them.
   */
  void fill(SqlSession session, RollupName.Day day) throws SQLException {
    StoreSettings.keepLedgersOut(session);
    if (isFull(session, day) || count(session, day) < StoreSettings.NAMES_PER_DAY.read(session)) {
      return;
    }
    addThoseWithRows(session, day);
    markFull(session, day);
    StoreSettings.NAMES_REVISION.next(session);
  }

  private boolean isFull(SqlSession session, RollupName.Day day) throws SQLException {
    PreparedStatement statement = session.prepare(isFull);
    new Parameters(statement, dialect).number(day.start()).number(day.dimension().stored());
    try (ResultSet row = statement.executeQuery()) {
      return row.next();
    }
  }

  private long count(SqlSession session, RollupName.Day day) throws SQLException {
    long[] names = {0};
    Pipeline alone = new Pipeline(session);
    count(alone, Set.of(day), (counted, sum) -> names[0] = sum);
    alone.run();
    return names[0];
  }

  // rollups of an older version have names that were never written down
  private void addThoseWithRows(SqlSession session, RollupName.Day day) throws SQLException {
    String name = "r." + day.dimension().column();
    PreparedStatement statement =
        session.prepare(
            INSERT
                + "SELECT DISTINCT r.bucket, "
                + day.dimension().stored()
                + ", "
                + name
                + " FROM usage_rollup r WHERE "
                + shards.anywhere("r")
                + "r.family = ? AND r.grain = ? AND r.bucket = ? AND "
                + name
                + " NOT IN ('', ?) ON CONFLICT DO NOTHING");
    new Parameters(statement, dialect)
        .number(RollupKey.FINE)
        .number(RollupKey.DAY)
        .number(day.start())
        .text(ReportRow.OTHERS);
    statement.execute();
  }

  void markFull(SqlSession session, RollupName.Day day) throws SQLException {
    PreparedStatement statement = session.prepare(markFull);
    new Parameters(statement, dialect).number(day.start()).number(day.dimension().stored());
    statement.executeUpdate();
  }

  /**
   * Forgets the names of days that begin at or after {@code from}, and that these days were full.
   */
  public void clear(SqlSession session, long from) throws SQLException {
    for (String table : new String[] {"rollup_name", "rollup_full"}) {
      PreparedStatement statement =
          session.prepare("DELETE FROM " + table + " WHERE " + shards.home() + "day >= ?");
      new Parameters(statement, dialect).number(from);
      statement.executeUpdate();
    }
  }

  /**
   * Forgets the names of days that end before an instant, whose rollups are removed: at most so
   * many, or all of them. With all of them it also forgets that these days were full, which ledgers
   * learn by a revision.
   */
  public void removeBefore(SqlSession session, Instant before, long most, boolean all)
      throws SQLException {
    long last = Micros.of(before) - RollupKey.DAY;
    String old = " WHERE " + shards.home() + "day <= ?";
    String columns = shards.key("day, dimension, name");
    PreparedStatement names =
        session.prepare(
            "DELETE FROM rollup_name"
                + old
                + (all
                    ? ""
                    : " AND ("
                        + columns
                        + ") IN (SELECT "
                        + columns
                        + " FROM rollup_name"
                        + old
                        + " LIMIT ?)"));
    Parameters to = new Parameters(names, dialect).number(last);
    if (!all) {
      to.number(last).number(most);
    }
    names.executeUpdate();
    if (all) {
      PreparedStatement full = session.prepare("DELETE FROM rollup_full" + old);
      new Parameters(full, dialect).number(last);
      if (full.executeUpdate() > 0) {
        StoreSettings.NAMES_REVISION.next(session);
      }
    }
  }

  private static void bind(RollupName name, Parameters to) throws SQLException {
    to.number(name.day().start()).number(name.day().dimension().stored()).text(name.name());
  }

  private static RollupName.Day day(Columns from) throws SQLException {
    long start = from.number();
    return new RollupName.Day(start, RollupDimension.ofStored(from.number()));
  }
}
