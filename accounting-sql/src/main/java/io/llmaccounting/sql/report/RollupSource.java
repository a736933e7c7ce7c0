package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Dialect;
import io.llmaccounting.sql.RollupDimension;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.Dimension;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Adds up rollups, which are {@code r}. */
record RollupSource(Dialect dialect, RollupFamily family) implements ReportSource {
  @Override
  public String table() {
    return "usage_rollup r";
  }

  @Override
  public String value(Dimension dimension) {
    return RollupDimension.of(dimension)
        .map(told -> "r." + told.column())
        .orElseThrow(() -> new IllegalStateException("rollups must not be asked for " + dimension));
  }

  @Override
  public String absent(Dimension dimension) {
    return value(dimension) + " = ''";
  }

  @Override
  public void in(Slice slice, SqlQuery to) {
    of(grain(slice), to);
    to.add(" AND r.bucket >= ").number(slice.stretch().from());
    to.add(" AND r.bucket < ").number(slice.stretch().to());
  }

  private static Grain grain(Slice slice) {
    return Objects.requireNonNull(slice.stretch().grain(), "rollups have no ragged ends");
  }

  /** Adds the condition of a grain. */
  void of(Grain grain, SqlQuery to) {
    to.add(dialect.shards().anywhere("r")).add("r.family = ").number(family.stored());
    to.add(" AND r.grain = ").number(grain.micros());
  }

  @Override
  public String start(Grain grain) {
    return "r.bucket";
  }

  @Override
  public List<String> sums() {
    return Sums.ofRollups(dialect);
  }

  /** Behind the bucket of the last row: one bucket is the least that can be read at once. */
  @Override
  public Cut cut(SqlSession session, Slice slice, int most) throws SQLException {
    Stretch stretch = slice.stretch();
    SqlQuery last = new SqlQuery().add("SELECT r.bucket FROM usage_rollup r WHERE ");
    in(slice, last);
    last.add(" ORDER BY r.bucket LIMIT 1 OFFSET ").number(most - 1L);
    try (SqlQuery.Rows rows = last.open(session)) {
      if (rows.next()) {
        long end = rows.columns().number() + grain(slice).micros();
        Slice first = Slice.of(new Stretch(stretch.grain(), stretch.from(), end));
        return end >= stretch.to()
            ? new Cut(slice, null, most)
            : new Cut(first, Slice.of(new Stretch(stretch.grain(), end, stretch.to())), most);
      }
    }
    return new Cut(slice, null, count(session, slice));
  }

  private int count(SqlSession session, Slice slice) throws SQLException {
    SqlQuery query = new SqlQuery().add("SELECT count(*) FROM usage_rollup r WHERE ");
    in(slice, query);
    try (SqlQuery.Rows rows = query.open(session)) {
      return rows.next() ? Math.toIntExact(rows.columns().number()) : 0;
    }
  }
}
