package io.llmaccounting.sql.report;

import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.UsageId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds how far records can be read at a time, whatever a filter leaves of them. Where the key does
 * not begin with the id, the server cannot walk it in order and sorts what it is asked for: so it
 * is asked for a window of time, whose length follows how dense the records are. Confined to one
 * run.
 */
final class RecordSteps {
  private static final long FIRST_WINDOW = Duration.ofHours(1).toMillis();
  private static final long MOST_WINDOW = Long.MAX_VALUE / 4;

  private static final String ASCENDING = "e.id";
  private static final String DESCENDING = "e.id DESC";

  private final SqlDialect dialect;
  private final long firstWindow;
  private long window;

  RecordSteps(SqlDialect dialect) {
    this.dialect = dialect;
    this.firstWindow = dialect.shards().isSpread() ? FIRST_WINDOW : MOST_WINDOW;
    this.window = firstWindow;
  }

  /** The first id in a slice. */
  @Nullable UUID first(SqlSession session, SlicePart part) throws SQLException {
    long length = firstWindow;
    SlicePart rest = part;
    while (true) {
      SlicePart near = rest.window(length);
      UUID first = nth(session, near, ASCENDING, 0);
      if (first != null || near.end().equals(rest.end())) {
        return first;
      }
      rest = rest.from(near.end());
      length = Math.min(MOST_WINDOW, length * 2);
    }
  }

  /** The last id in a slice. */
  @Nullable UUID last(SqlSession session, SlicePart part) throws SQLException {
    long length = firstWindow;
    SlicePart rest = part;
    while (true) {
      SlicePart near = rest.lastWindow(length);
      UUID last = nth(session, near, DESCENDING, 0);
      if (last != null || near.first().equals(rest.first())) {
        return last;
      }
      rest = rest.before(near.first());
      length = Math.min(MOST_WINDOW, length * 2);
    }
  }

  /** Cuts a slice behind its first {@code most} records. */
  ReportSource.Cut cut(SqlSession session, SlicePart part, int most) throws SQLException {
    SlicePart near = part.window(window);
    UUID behind = nth(session, near, ASCENDING, most);
    if (behind != null) {
      follow(near.first(), behind);
      return new ReportSource.Cut(part.before(behind), part.from(behind), most);
    }
    int rows = count(session, near);
    if (near.end().equals(part.end())) {
      return new ReportSource.Cut(part, null, rows);
    }
    window = Math.min(MOST_WINDOW, window * 2);
    return new ReportSource.Cut(near, part.from(near.end()), rows);
  }

  /** Cuts a slice before its last {@code most} records; how many the last part has is not told. */
  ReportSource.Cut cutBack(SqlSession session, SlicePart part, int most) throws SQLException {
    SlicePart near = part.lastWindow(window);
    UUID from = nth(session, near, DESCENDING, most - 1);
    if (from != null) {
      follow(from, near.end());
      return new ReportSource.Cut(part.from(from), part.before(from), most);
    }
    if (near.first().equals(part.first())) {
      return new ReportSource.Cut(part, null, most);
    }
    window = Math.min(MOST_WINDOW, window * 2);
    return new ReportSource.Cut(near, part.before(near.first()), most);
  }

  private void follow(UUID from, UUID to) {
    if (window < MOST_WINDOW) {
      long taken = UsageId.timeOf(to).toEpochMilli() - UsageId.timeOf(from).toEpochMilli();
      window = Math.max(1, taken * 2);
    }
  }

  private @Nullable UUID nth(SqlSession session, SlicePart part, String order, int nth)
      throws SQLException {
    SqlQuery query = ids("SELECT e.id", part);
    query.add(" ORDER BY " + order + " LIMIT 1 OFFSET ").number(nth);
    try (SqlQuery.Rows rows = query.open(session)) {
      return rows.next() ? rows.columns().id() : null;
    }
  }

  private int count(SqlSession session, SlicePart part) throws SQLException {
    try (SqlQuery.Rows rows = ids("SELECT count(*)", part).open(session)) {
      return rows.next() ? Math.toIntExact(rows.columns().number()) : 0;
    }
  }

  private SqlQuery ids(String select, SlicePart part) {
    return new SqlQuery()
        .add(select + " FROM usage_event e WHERE " + dialect.shards().anywhere("e") + "e.id >= ")
        .id(part.first())
        .add(" AND e.id < ")
        .id(part.end());
  }
}
