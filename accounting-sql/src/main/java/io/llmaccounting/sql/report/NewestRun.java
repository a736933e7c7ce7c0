package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageQuery;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
  private final UsageQuery wanted;
  private final NewestRecords newest;
  private @Nullable RecordSource records;
  private @Nullable SlicePart rest;
  private int most = FIRST;

  NewestRun(Connections connections, UsageQuery wanted) {
    this.connections = connections;
    this.wanted = wanted;
    this.newest = new NewestRecords(wanted.limit());
    this.rest = part(wanted);
  }

  /** Where to look: no further than the page before came. */
  private static @Nullable SlicePart part(UsageQuery wanted) {
    TimeRange period = wanted.period();
    UsageQuery.Position before = wanted.before();
    if (before == null || !before.at().isBefore(period.to())) {
      return SlicePart.of(ReportPlan.whole(period));
    }
    Instant end = before.at().plus(1, ChronoUnit.MICROS);
    return end.isAfter(period.from())
        ? SlicePart.of(ReportPlan.whole(new TimeRange(period.from(), end)))
        : null;
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

  private boolean follows(RecordedUsage record) {
    UsageQuery.Position before = wanted.before();
    return before == null || UsageQuery.Position.of(record).compareTo(before) < 0;
  }

  private boolean isComplete(SqlSession session, RecordSource source, SlicePart part)
      throws SQLException {
    SqlQuery query = new SqlQuery().add(UsageRow.select(session.dialect()) + " WHERE ");
    source.in(part, query);
    Conditions.add(wanted.filter(), source, query);
    try (SqlQuery.Rows rows = query.add(" ORDER BY e.id DESC").open(session)) {
      while (rows.next()) {
        RecordedUsage record = UsageRow.read(rows.row(), session.dialect());
        if (newest.isCompleteBefore(record)) {
          return true;
        }
        if (follows(record)) {
          newest.add(record);
        }
      }
    }
    return false;
  }
}
