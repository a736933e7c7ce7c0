package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest records slice after slice from the end, each in a transaction of its own: a
 * filter may leave few. Confined to one thread.
 */
final class NewestRun {
  private static final int FIRST = 200;
  private static final int MOST_LOOKED_AT = 5_000;

  private final Connections connections;
  private final UsageFilter filter;
  private final NewestRecords newest;
  private @Nullable RecordSource records;
  private @Nullable SlicePart rest = SlicePart.of(ReportPlan.whole(TimeRange.always()));
  private int most = FIRST;

  NewestRun(Connections connections, UsageFilter filter, int count) {
    this.connections = connections;
    this.filter = filter;
    this.newest = new NewestRecords(count);
  }

  List<RecordedUsage> records() {
    boolean more = true;
    while (more) {
      more = connections.read(this::read);
    }
    return newest.inReadingOrder();
  }

  private boolean read(SqlSession session) throws SQLException {
    if (rest == null) {
      return false;
    }
    RecordSource source = records == null ? new RecordSource(session.dialect()) : records;
    records = source;
    ReportSource.Cut cut = source.cutBack(session, rest, most);
    rest = cut.rest();
    most = Math.min(MOST_LOOKED_AT, 4 * most);
    return !isComplete(session, source, cut.first()) && rest != null;
  }

  private boolean isComplete(SqlSession session, RecordSource source, SlicePart part)
      throws SQLException {
    SqlQuery query = new SqlQuery().add(UsageRow.select(session.dialect()) + " WHERE ");
    source.ids(part, query);
    Conditions.add(filter, source, query);
    try (SqlQuery.Rows rows = query.add(" ORDER BY e.id DESC").open(session)) {
      while (rows.next()) {
        RecordedUsage record = UsageRow.read(rows.row(), session.dialect());
        if (newest.isCompleteBefore(record)) {
          return true;
        }
        newest.add(record);
      }
    }
    return false;
  }
}
