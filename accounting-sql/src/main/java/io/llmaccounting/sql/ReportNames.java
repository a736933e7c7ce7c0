package io.llmaccounting.sql;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a report has to know of days whose names rollups do not all tell apart: which of them it
 * reads from records, because it asks for a name that has no row of its own, and what the others
 * call a name. Immutable.
 */
public final class ReportNames {
  /** All names are told apart. */
  public static final ReportNames ALL_TOLD = new ReportNames(Set.of(), Set.of());

  private final Set<RollupName.Day> full;
  private final Set<Long> fromRecords;

  private ReportNames(Set<RollupName.Day> full, Set<Long> fromRecords) {
    this.full = full;
    this.fromRecords = fromRecords;
  }

  /** Looks for what concerns {@code query}, which asks for nothing that rollups do not know. */
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

  private static Set<Long> fromRecords(
      SqlSession session, NameRows rows, Set<RollupName.Day> full, ReportQuery query)
      throws SQLException {
    Set<RollupName> asked = new TreeSet<>();
    Set<Long> days = new HashSet<>();
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

  /** True if some day is to be read from records. */
  public boolean needRecords() {
    return !fromRecords.isEmpty();
  }

  /** True if the day around an instant is to be read from records. */
  public boolean needRecords(long micros) {
    return fromRecords.contains(micros - micros % RollupKey.DAY);
  }

  /** True if rollups do not tell all names of the day around an instant apart. */
  public boolean isFull(long micros, Dimension dimension) {
    return RollupDimension.ALL.stream()
        .anyMatch(
            one ->
                one.dimension().equals(dimension)
                    && full.contains(new RollupName.Day(micros - micros % RollupKey.DAY, one)));
  }

  /**
   * What rollups of the full day around an instant call a name, as SQL without parameters, in which
   * {@code {0}} stands for the name.
   */
  public static String called(Dialect dialect, long micros, Dimension dimension) {
    long stored =
        RollupDimension.ALL.stream()
            .filter(one -> one.dimension().equals(dimension))
            .mapToLong(RollupDimension::stored)
            .findFirst()
            .orElseThrow();
    return "CASE WHEN {0} IS NULL THEN NULL WHEN EXISTS (SELECT 1 FROM rollup_name WHERE "
        + dialect.shards().home()
        + "day = %d AND dimension = %d AND name = {0}) THEN {0} ELSE '%s' END"
            .formatted(micros - micros % RollupKey.DAY, stored, ReportRow.OTHERS);
  }
}
