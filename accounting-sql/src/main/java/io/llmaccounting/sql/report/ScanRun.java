package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands records over slice after slice, each read in a transaction of its own that is short also
 * where a filter leaves little. Confined to one thread.
 */
final class ScanRun {
  private static final int MOST_READ = 1_000;
  private static final int MOST_LOOKED_AT = 5_000;

  private final Connections connections;
  private final UsageFilter filter;
  private @Nullable RecordSource records;
  private @Nullable SlicePart near;
  private @Nullable SlicePart rest;

  ScanRun(Connections connections, TimeRange period, UsageFilter filter) {
    this.connections = connections;
    this.filter = filter;
    this.rest = SlicePart.of(ReportPlan.whole(period));
  }

  void run(Consumer<RecordedUsage> reader) {
    while (near != null || rest != null) {
      connections.read(this::next).forEach(reader);
    }
  }

  private List<RecordedUsage> next(SqlSession session) throws SQLException {
    RecordSource source = records == null ? new RecordSource(session.dialect()) : records;
    records = source;
    SlicePart now = near;
    if (now == null && rest != null) {
      ReportSource.Cut cut = source.cut(session, rest, MOST_LOOKED_AT);
      now = cut.rows() == 0 ? null : cut.first();
      rest = cut.rest();
    }
    List<RecordedUsage> read = now == null ? List.of() : read(session, source, now);
    near = null;
    if (now != null && read.size() == MOST_READ) {
      UUID last = read.get(MOST_READ - 1).usage().id();
      near = now.from(new UUID(last.getMostSignificantBits(), last.getLeastSignificantBits() + 1));
    }
    return read;
  }

  private List<RecordedUsage> read(SqlSession session, RecordSource source, SlicePart part)
      throws SQLException {
    SqlQuery query = new SqlQuery().add(UsageRow.select(session.dialect()) + " WHERE ");
    source.in(part, query);
    Conditions.add(filter, source, query);
    query.add(" ORDER BY e.id LIMIT ").number(MOST_READ);
    List<RecordedUsage> read = new ArrayList<>();
    try (SqlQuery.Rows rows = query.open(session)) {
      while (rows.next()) {
        read.add(UsageRow.read(rows.row(), session.dialect()));
      }
    }
    return read;
  }
}
