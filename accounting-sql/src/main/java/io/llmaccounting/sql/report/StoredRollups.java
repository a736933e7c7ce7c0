package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.RollupKey;
import io.llmaccounting.sql.Rollups;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rollups that are stored, one UTC day after another. Confined to one thread. */
final class StoredRollups implements AutoCloseable {
  /** Later than any day. */
  static final long END = Long.MAX_VALUE;

  private final List<Rows> all = new ArrayList<>();

  /** Starts with the first buckets that begin at or after {@code from}. */
  StoredRollups(SqlSession session, long from) throws SQLException {
    for (RollupFamily family : RollupFamily.values()) {
      for (Grain grain : Grain.values()) {
        all.add(new Rows(session, new RollupSource(session.dialect(), family), grain, from));
      }
    }
  }

  /** The start of the next day with rows, {@link #END} after the last. */
  long day() {
    return all.stream().mapToLong(Rows::day).min().orElse(END);
  }

  /** The sums of the rows of the next day, as they are stored. */
  Map<RollupKey, List<Long>> take() throws SQLException {
    long day = day();
    Map<RollupKey, List<Long>> taken = new TreeMap<>();
    for (Rows rows : all) {
      rows.take(day, taken);
    }
    return taken;
  }

  @Override
  public void close() throws SQLException {
    for (Rows rows : all) {
      rows.close();
    }
  }

  /** One family and grain, which the primary key keeps in order of time. */
  private static final class Rows {
    private final SqlQuery.Rows rows;
    private @Nullable RollupKey waiting;
    private List<Long> sums = List.of();

    Rows(SqlSession session, RollupSource source, Grain grain, long from) throws SQLException {
      SqlQuery query =
          new SqlQuery()
              .add(
                  "SELECT "
                      + String.join(", ", RollupKey.COLUMNS)
                      + ", "
                      + String.join(", ", Rollups.SUMS))
              .add(" FROM " + source.table() + " WHERE ");
      source.of(grain, query);
      this.rows =
          query.add(" AND r.bucket >= ").number(from).add(" ORDER BY r.bucket").open(session);
      advance();
    }

    long day() {
      return waiting == null ? END : Grain.DAY.floor(waiting.bucket());
    }

    void take(long day, Map<RollupKey, List<Long>> to) throws SQLException {
      while (waiting != null && day() == day) {
        to.put(waiting, sums);
        advance();
      }
    }

    private void advance() throws SQLException {
      waiting = null;
      if (rows.next()) {
        Columns from = rows.columns();
        waiting = RollupKey.read(from);
        sums = new ArrayList<>(Rollups.SUMS.size());
        for (int i = 0; i < Rollups.SUMS.size(); i++) {
          sums.add(from.number());
        }
      }
    }

    void close() throws SQLException {
      rows.close();
    }
  }
}
