package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.ResultQuery;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.RowCursor;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the latencies of each group in order and picks percentiles at their ranks, which follow
 * from the counts that are known by then.
 */
final class LatencyRanks {
  private static final int[] PERCENTS = {50, 90, 95, 99};

  private final SqlSession session;
  private final ReportQuery query;
  private final RecordSource records;

  LatencyRanks(SqlSession session, ReportQuery query) {
    this.session = session;
    this.query = query;
    this.records = new RecordSource(session.dialect());
  }

  void readInto(Map<GroupKey, Group> groups) throws SQLException {
    if (query.bucket() == null) {
      read(query.period(), groups);
      return;
    }
    Set<TimeRange> buckets =
        groups.keySet().stream()
            .map(key -> Objects.requireNonNull(key.bucket()))
            .collect(Collectors.toSet());
    for (TimeRange bucket : buckets) {
      read(bucket, groups);
    }
  }

  private void read(TimeRange period, Map<GroupKey, Group> groups) throws SQLException {
    GroupKey current = null;
    long rank = 0;
    try (RowCursor cursor = RowCursor.open(session, select(period))) {
      while (cursor.next()) {
        Columns columns = cursor.columns();
        GroupKey key = GroupKey.read(columns, query, period.from());
        rank = key.equals(current) ? rank + 1 : 1;
        current = key;
        pick(groups.get(key), rank, columns.number());
      }
    }
  }

  private static void pick(@Nullable Group group, long rank, long latency) {
    if (group == null) {
      throw new IllegalStateException("one view of the records must not show a group only once");
    }
    long count = group.totals().latency().count();
    for (int percent : PERCENTS) {
      if (rank == nearestRank(percent, count)) {
        group.percentile(percent, latency);
      }
    }
  }

  /** The smallest rank that at least so many percent of the count do not exceed. */
  static long nearestRank(int percent, long count) {
    return (percent * count + 99) / 100;
  }

  private ResultQuery<?> select(TimeRange period) {
    List<Field<?>> fields = new ArrayList<>();
    query.by().forEach(dimension -> fields.add(records.value(dimension)));
    fields.add(USAGE_EVENT.latency);
    return session
        .dsl()
        .select(fields)
        .from(records.table())
        .where(records.in(ReportPlan.whole(period)))
        .and(Conditions.of(query.filter(), records))
        .and(USAGE_EVENT.latency.isNotNull())
        .orderBy(fields);
  }
}
