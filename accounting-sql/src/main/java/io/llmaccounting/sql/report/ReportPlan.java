package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.ReportNames;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a report is read from: rollups for whole grains where they know enough, else
 * records.
 */
final class ReportPlan {
  private final ReportQuery query;
  private final RecordSource records;
  private final @Nullable RollupSource rollups;
  private ReportNames names = ReportNames.ALL_TOLD;

  ReportPlan(SqlDialect dialect, ReportQuery query) {
    this.query = query;
    this.records = new RecordSource(dialect);
    this.rollups = rollups(dialect, query);
  }

  /**
   * Learns which names rollups tell apart now, so that each transaction goes by what it sees
   * itself.
   */
  void look(SqlSession session) throws SQLException {
    names = rollups == null ? ReportNames.ALL_TOLD : ReportNames.read(session, query);
  }

  private static @Nullable RollupSource rollups(SqlDialect dialect, ReportQuery query) {
    if (query.distribution() || query.filter().priced() != null) {
      return null;
    }
    Set<Dimension> told = new HashSet<>(query.by());
    told.addAll(query.filter().matches().keySet());
    return RollupFamily.telling(told).map(family -> new RollupSource(dialect, family)).orElse(null);
  }

  ReportSource source(ReportSlice slice) {
    if (rollups == null || slice.needsRecords()) {
      return records;
    }
    return slice.grain() == null ? records.called(foldedIn(slice), slice.from()) : rollups;
  }

  // a ragged end lies within one day, so its names are those that rollups of the rest of that day
  // use
  private Set<Dimension> foldedIn(ReportSlice raggedEnd) {
    if (names.needRecords(raggedEnd.from())) {
      return Set.of();
    }
    Set<Dimension> folded = new HashSet<>(query.by());
    folded.addAll(query.filter().matches().keySet());
    folded.removeIf(dimension -> !names.isFull(raggedEnd.from(), dimension));
    return folded;
  }

  /** Parts of a slice that each have one source; what is read from records already stays so. */
  List<SlicePart> split(SlicePart part) {
    ReportSlice slice = part.slice();
    if (rollups == null || slice.grain() == null || slice.needsRecords()) {
      return List.of(part);
    }
    return slice.split(names).stream().map(SlicePart::of).toList();
  }

  Iterator<ReportSlice> slices(SqlSession session) throws SQLException {
    TimeRange period = query.period();
    if (query.bucket() == null && rollups != null) {
      return new ReportSlices(period, null, query.zone());
    }
    // A report from 1970 on has no more buckets to look at than there is usage, and one that ends
    // in the future does not run after what is recorded meanwhile.
    Extent extent = rollups == null ? ofRecords(session) : ofRollups(session, rollups);
    if (extent == null || !extent.overlaps(period)) {
      return Collections.emptyIterator();
    }
    TimeRange known = extent.cut(period);
    return query.bucket() == null
        ? List.of(whole(known)).iterator()
        : new ReportSlices(known, query.bucket(), query.zone());
  }

  static ReportSlice whole(TimeRange period) {
    return new ReportSlice(null, Micros.of(period.from()), Micros.of(period.to()));
  }

  private @Nullable Extent ofRecords(SqlSession session) throws SQLException {
    SlicePart all = SlicePart.of(whole(query.period()));
    UUID first = records.first(session, all);
    UUID last = first == null ? null : records.last(session, all);
    return first == null || last == null
        ? null
        : new Extent(UsageId.timeOf(first), UsageId.timeOf(last).plusMillis(1));
  }

  private @Nullable Extent ofRollups(SqlSession session, RollupSource rollups) throws SQLException {
    Long first = end(session, days(rollups).add(" ORDER BY r.bucket"));
    Long last = end(session, days(rollups).add(" ORDER BY r.bucket DESC"));
    return first == null || last == null
        ? null
        : new Extent(Micros.instant(first), Micros.instant(last + Grain.DAY.micros()));
  }

  private SqlQuery days(RollupSource rollups) {
    long from = Grain.DAY.floor(Micros.of(query.period().from()));
    long to = Grain.DAY.ceiling(Micros.of(query.period().to()));
    SqlQuery days = new SqlQuery().add("SELECT r.bucket FROM usage_rollup r WHERE ");
    rollups.in(SlicePart.of(new ReportSlice(Grain.DAY, from, to)), days);
    return days;
  }

  private static @Nullable Long end(SqlSession session, SqlQuery ordered) throws SQLException {
    try (SqlQuery.Rows rows = ordered.add(" LIMIT 1").open(session)) {
      return rows.next() ? rows.columns().number() : null;
    }
  }

  private record Extent(Instant from, Instant to) {
    boolean overlaps(TimeRange period) {
      return from.isBefore(period.to()) && period.from().isBefore(to);
    }

    TimeRange cut(TimeRange period) {
      return new TimeRange(
          from.isAfter(period.from()) ? from : period.from(),
          to.isBefore(period.to()) ? to : period.to());
    }
  }
}
