package io.llmaccounting.sql.report;

import io.llmaccounting.sql.RollupDimension;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.Dimension;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Adds up rollups, which are {@code r}. */
record RollupSource(SqlDialect dialect, RollupFamily family) implements ReportSource {
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
  public void in(SlicePart part, SqlQuery to) {
    of(grain(part), to);
    to.add(" AND r.bucket >= ").number(part.slice().from());
    to.add(" AND r.bucket < ").number(part.slice().to());
  }

  private static Grain grain(SlicePart part) {
    return Objects.requireNonNull(part.slice().grain(), "rollups have no ragged ends");
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
    return SumColumns.ofRollups(dialect);
  }

  /** Cuts behind the bucket of the last row: one bucket is the least that can be read at once. */
  @Override
  public Cut cut(SqlSession session, SlicePart part, int most) throws SQLException {
    ReportSlice slice = part.slice();
    SqlQuery last = new SqlQuery().add("SELECT r.bucket FROM usage_rollup r WHERE ");
    in(part, last);
    last.add(" ORDER BY r.bucket LIMIT 1 OFFSET ").number(most - 1L);
    try (SqlQuery.Rows rows = last.open(session)) {
      if (rows.next()) {
        long end = rows.columns().number() + grain(part).micros();
        SlicePart first = SlicePart.of(new ReportSlice(slice.grain(), slice.from(), end));
        return end >= slice.to()
            ? new Cut(part, null, most)
            : new Cut(first, SlicePart.of(new ReportSlice(slice.grain(), end, slice.to())), most);
      }
    }
    return new Cut(part, null, count(session, part));
  }

  private int count(SqlSession session, SlicePart part) throws SQLException {
    SqlQuery query = new SqlQuery().add("SELECT count(*) FROM usage_rollup r WHERE ");
    in(part, query);
    try (SqlQuery.Rows rows = query.open(session)) {
      return rows.next() ? Math.toIntExact(rows.columns().number()) : 0;
    }
  }
}
