package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.Rollups;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.UsageTotals;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers one report in memory bounded by its rows, slice after slice, each from a view of its own:
 * one view to the end would keep every dead version of a busy counter's row. Slices are cut by when
 * calls were made, which never changes, so that no record is in two of them. Confined to one
 * thread.
 */
final class ReportRun {
  private final Connections connections;
  private final ReportQuery query;
  private final int most;
  private final Map<GroupKey, Group> groups = new TreeMap<>();

  /** Reads at most so many records or rollups in one transaction, but for a bucket with more. */
  ReportRun(Connections connections, ReportQuery query, int most) {
    this.connections = connections;
    this.query = query;
    this.most = most;
  }

  List<ReportRow> rows() {
    new Pass(this::add).run();
    while (latenciesAreOpen()) {
      new Pass(this::lookAgain).run();
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

  private boolean latenciesAreOpen() {
    boolean open = false;
    for (Group group : groups.values()) {
      open |= group.latencies().lookAgain();
    }
    return open;
  }

  /** Reads what is asked from one slice. */
  private interface Reader {
    void read(SqlSession session, ReportSource source, SlicePart part) throws SQLException;
  }

  /** One reading of everything. */
  private final class Pass {
    private final Reader reader;
    private @Nullable ReportPlan plan;
    private Iterator<ReportSlice> slices = Collections.emptyIterator();
    private final Deque<SlicePart> waiting = new ArrayDeque<>();

    Pass(Reader reader) {
      this.reader = reader;
    }

    void run() {
      boolean more = true;
      while (more) {
        more = connections.read(this::readSome);
      }
    }

    private boolean readSome(SqlSession session) throws SQLException {
      ReportPlan known = plan == null ? begin(session) : plan;
      known.look(session);
      int left = most;
      while (left > 0 && (!waiting.isEmpty() || slices.hasNext())) {
        SlicePart next = next(known);
        ReportSource source = known.source(next.slice());
        ReportSource.Cut cut = source.cut(session, next, left);
        if (cut.rows() > 0) {
          reader.read(session, source, cut.first());
        }
        if (cut.rest() != null) {
          waiting.addFirst(cut.rest());
        }
        left -= cut.rows();
      }
      return !waiting.isEmpty() || slices.hasNext();
    }

    private SlicePart next(ReportPlan known) {
      SlicePart first = waiting.isEmpty() ? SlicePart.of(slices.next()) : waiting.removeFirst();
      List<SlicePart> parts = known.split(first);
      for (int i = parts.size() - 1; i > 0; i--) {
        waiting.addFirst(parts.get(i));
      }
      return parts.get(0);
    }

    private ReportPlan begin(SqlSession session) throws SQLException {
      ReportPlan made = new ReportPlan(session.dialect(), query);
      plan = made;
      slices = made.slices(session);
      return made;
    }
  }

  private void add(SqlSession session, ReportSource source, SlicePart part) throws SQLException {
    List<String> keys = keys(source, part);
    List<String> fields = new ArrayList<>(keys);
    fields.addAll(source.sums());
    if (query.distribution()) {
      fields.addAll(Spread.FIELDS);
    }
    SqlQuery sums = select(fields, source, part);
    if (!keys.isEmpty()) {
      sums.add(
          IntStream.rangeClosed(1, keys.size())
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(", ", " GROUP BY ", "")));
    }
    try (SqlQuery.Rows rows = sums.open(session)) {
      while (rows.next()) {
        Columns columns = rows.columns();
        GroupKey key = key(columns, part);
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
    if (query.distribution()) {
      readLatencies(session, source, part, GroupLatencies::add);
    }
  }

  private void lookAgain(SqlSession session, ReportSource source, SlicePart part)
      throws SQLException {
    readLatencies(session, source, part, GroupLatencies::addAgain);
  }

  private void readLatencies(
      SqlSession session,
      ReportSource source,
      SlicePart part,
      ObjLongConsumer<GroupLatencies> reader)
      throws SQLException {
    List<String> fields = new ArrayList<>(keys(source, part));
    fields.add("e.latency");
    SqlQuery select = select(fields, source, part).add(" AND e.latency IS NOT NULL");
    try (SqlQuery.Rows rows = select.open(session)) {
      while (rows.next()) {
        Columns columns = rows.columns();
        Group group = groups.get(key(columns, part));
        if (group != null) {
          reader.accept(group.latencies(), columns.number());
        }
      }
    }
  }

  private SqlQuery select(List<String> fields, ReportSource source, SlicePart part) {
    SqlQuery select =
        new SqlQuery()
            .add("SELECT " + String.join(", ", fields) + " FROM " + source.table() + " WHERE ");
    source.in(part, select);
    Conditions.add(query.filter(), source, select);
    return select;
  }

  private List<String> keys(ReportSource source, SlicePart part) {
    List<String> keys = new ArrayList<>();
    Grain grain = part.slice().grain();
    if (query.bucket() != null && grain != null) {
      keys.add(source.start(grain));
    }
    query.by().forEach(dimension -> keys.add(source.value(dimension)));
    return keys;
  }

  private GroupKey key(Columns columns, SlicePart part) throws SQLException {
    // A ragged end lies within one bucket.
    boolean isTimed = query.bucket() != null && part.slice().grain() != null;
    long instant = isTimed ? columns.number() : part.slice().from();
    return GroupKey.read(columns, query, Micros.instant(instant));
  }
}
