package io.llmaccounting.sql.report;

import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.ResultQuery;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.Rollups;
import io.llmaccounting.sql.RowCursor;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.UsageTotals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers one report inside one transaction, in memory bounded by its rows. */
final class ReportRun {
  private final SqlSession session;
  private final ReportQuery query;
  private final ReportPlan plan;
  private final Map<GroupKey, Group> groups = new TreeMap<>();

  ReportRun(SqlSession session, ReportQuery query) throws SQLException {
    this.session = session;
    this.query = query;
    this.plan = new ReportPlan(session, query);
  }

  List<ReportRow> rows() throws SQLException {
    Iterator<Stretch> stretches = plan.stretches(session.dsl());
    while (stretches.hasNext()) {
      for (Stretch part : plan.split(stretches.next())) {
        add(part);
      }
    }
    if (query.distribution()) {
      new LatencyRanks(session, query).readInto(groups);
    }
    List<ReportRow> rows = new ArrayList<>(groups.size());
    groups.forEach(
        (key, group) ->
            rows.add(
                new ReportRow(
                    key.values(),
                    key.bucket(),
                    group.totals(),
                    query.distribution() ? group.distribution() : null)));
    return rows;
  }

  private void add(Stretch stretch) throws SQLException {
    try (RowCursor cursor = RowCursor.open(session, select(stretch))) {
      while (cursor.next()) {
        Columns columns = cursor.columns();
        long instant = isTimed(stretch) ? columns.number() : stretch.from();
        GroupKey key = GroupKey.read(columns, query, Micros.instant(instant));
        UsageTotals totals = Rollups.read(columns);
        if (totals.calls() > 0) {
          Group group = groups.computeIfAbsent(key, added -> new Group());
          group.add(totals);
          if (query.distribution()) {
            group.add(Spread.read(columns));
          }
        }
      }
    }
  }

  // A ragged end lies within one bucket.
  private boolean isTimed(Stretch stretch) {
    return query.bucket() != null && stretch.grain() != null;
  }

  private ResultQuery<?> select(Stretch stretch) {
    ReportSource source = plan.source(stretch);
    List<Field<?>> keys = new ArrayList<>();
    if (isTimed(stretch) && stretch.grain() != null) {
      keys.add(source.start(stretch.grain()));
    }
    for (Dimension dimension : query.by()) {
      keys.add(source.value(dimension));
    }
    List<Field<?>> fields = new ArrayList<>(keys);
    fields.addAll(source.sums());
    if (query.distribution()) {
      fields.addAll(Spread.FIELDS);
    }
    var rows =
        session
            .dsl()
            .select(fields)
            .from(source.table())
            .where(source.in(stretch))
            .and(Conditions.of(query.filter(), source));
    return keys.isEmpty() ? rows : rows.groupBy(keys);
  }
}
