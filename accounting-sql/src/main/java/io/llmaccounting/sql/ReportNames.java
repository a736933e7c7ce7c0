package io.llmaccounting.sql;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Knows the days on which rollups do not tell all names apart: which of these days a report reads
 * from records, because it asks for a name that has no row of its own, and what rollups call a name
 * on the other days. Immutable.
 */
public final class ReportNames {
  /** All names are told apart. */
  public static final ReportNames ALL_TOLD =
      new ReportNames(Set.of(), Collections.emptyNavigableSet());

  private final Set<RollupName.Day> full;
  private final NavigableSet<Long> fromRecords;

  private ReportNames(Set<RollupName.Day> full, NavigableSet<Long> fromRecords) {
    this.full = full;
    this.fromRecords = fromRecords;
  }

  /**
   * Days that follow one another, cut to what was asked for.
   *
   * @param from first microsecond inside
   * @param to first microsecond after
   */
  public record Days(long from, long to) {}

  /** Reads what concerns {@code query}, which must ask only for what rollups know. */
  public static ReportNames read(SqlSession session, ReportQuery query) throws SQLException {
    if (query.by().isEmpty() && query.filter().matches().isEmpty()) {
      return ALL_TOLD;
    }
    NameRows rows = new NameRows(session.dialect());
    Set<RollupName.Day> full = rows.full(session);
    long from = Micros.of(query.period().from());
    long to = Micros.of(query.period().to());
    full.removeIf(day -> day.start() >= to || day.start() + RollupKey.DAY <= from);
    return full.isEmpty()
        ? ALL_TOLD
        : new ReportNames(full, fromRecords(session, rows, full, query));
  }

  private static NavigableSet<Long> fromRecords(
      SqlSession session, NameRows rows, Set<RollupName.Day> full, ReportQuery query)
      throws SQLException {
    Set<RollupName> asked = new TreeSet<>();
    NavigableSet<Long> days = new TreeSet<>();
    for (RollupName.Day day : full) {
      Match match = query.filter().matches().get(day.dimension().dimension());
      String name = match == null ? null : match.value();
      if (match == null || name == null) {
        continue;
      }
      if (match.kind() == Match.Kind.PREFIX) {
        days.add(day.start());
      } else if (!name.equals(ReportRow.OTHERS)) {
        asked.add(new RollupName(day, name));
      }
    }
    Set<RollupName> own = new HashSet<>();
    Pipeline alone = new Pipeline(session);
    rows.find(alone, asked, own::add);
    alone.run();
    asked.removeAll(own);
    asked.forEach(name -> days.add(name.day().start()));
    if (!days.isEmpty()) {
      long completeFrom = StoreSettings.PURGE_HORIZON.read(session);
      days.removeIf(day -> day < completeFrom);
    }
    return days;
  }

  /** The parts of a half-open range of microseconds that are to be read from records, in order. */
  public List<Days> fromRecords(long from, long to) {
    List<Days> parts = new ArrayList<>();
    for (long day : fromRecords.subSet(from - from % RollupKey.DAY, true, to, false)) {
      long start = Math.max(from, day);
      long end = Math.min(to, day + RollupKey.DAY);
      int last = parts.size() - 1;
      if (last >= 0 && parts.get(last).to() == start) {
        parts.set(last, new Days(parts.get(last).from(), end));
      } else {
        parts.add(new Days(start, end));
      }
    }
    return parts;
  }

  /** True if the day around an instant is to be read from records. */
  public boolean needRecords(long micros) {
    return fromRecords.contains(micros - micros % RollupKey.DAY);
  }

  /** True if rollups do not tell all names of the day around an instant apart. */
  public boolean isFull(long micros, Dimension dimension) {
    long day = micros - micros % RollupKey.DAY;
    return RollupDimension.of(dimension)
        .filter(one -> full.contains(new RollupName.Day(day, one)))
        .isPresent();
  }

  /**
   * The name by which rollups of the full day around an instant call a name, as SQL without
   * parameters.
   *
   * @param column where the name is, with the alias of its table, which is not {@code n}
   */
  public static String called(SqlDialect dialect, long micros, Dimension dimension, String column) {
    RollupDimension stored = RollupDimension.of(dimension).orElseThrow();
    String ofDay =
        " FROM rollup_name n WHERE "
            + dialect.shards().home("n")
            + "n.day = "
            + (micros - micros % RollupKey.DAY)
            + " AND n.dimension = "
            + stored.stored();
    // Names are on one server and records on many: with an OFFSET the names are read first and sent
    // to where the records are.
    String isTold =
        dialect.shards().isSpread()
            ? column + " IN (SELECT n.name" + ofDay + " OFFSET 0)"
            : "EXISTS (SELECT 1" + ofDay + " AND n.name = " + column + ")";
    return "CASE WHEN "
        + column
        + " IS NULL THEN NULL WHEN "
        + isTold
        + " THEN "
        + column
        + " ELSE '"
        + ReportRow.OTHERS
        + "' END";
  }
}
