package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;
import static io.llmaccounting.sql.UsageRollupTable.USAGE_ROLLUP;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.DSLContext;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.SortField;
import io.llmaccounting.shaded.jooq.Table;
import io.llmaccounting.sql.Dialect;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.ReportNames;
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

/** Where a report is read from: rollups for whole grains where they know enough, else records. */
final class ReportPlan {
  private final ReportQuery query;
  private final RecordSource records;
  private final @Nullable RollupSource rollups;
  private final ReportNames names;

  ReportPlan(SqlSession session, ReportQuery query) throws SQLException {
    this.query = query;
    this.records = new RecordSource(session.dialect());
    this.rollups = rollups(session.dialect(), query);
    this.names = rollups == null ? ReportNames.ALL_TOLD : ReportNames.read(session, query);
  }

  private static @Nullable RollupSource rollups(Dialect dialect, ReportQuery query) {
    if (query.distribution() || query.filter().priced() != null) {
      return null;
    }
    Set<Dimension> told = new HashSet<>(query.by());
    told.addAll(query.filter().matches().keySet());
    return RollupFamily.telling(told).map(family -> new RollupSource(dialect, family)).orElse(null);
  }

  ReportSource source(Stretch stretch) {
    if (rollups == null || stretch.needsRecords()) {
      return records;
    }
    return stretch.grain() == null ? records.called(foldedIn(stretch), stretch.from()) : rollups;
  }

  // a ragged end lies within one day, whose names are called what rollups of the rest call them
  private Set<Dimension> foldedIn(Stretch raggedEnd) {
    if (names.needRecords(raggedEnd.from())) {
      return Set.of();
    }
    Set<Dimension> folded = new HashSet<>(query.by());
    folded.addAll(query.filter().matches().keySet());
    folded.removeIf(dimension -> !names.isFull(raggedEnd.from(), dimension));
    return folded;
  }

  /** Parts of a stretch that each have one source. */
  List<Stretch> split(Stretch stretch) {
    return rollups == null ? List.of(stretch) : stretch.split(names);
  }

  Iterator<Stretch> stretches(DSLContext dsl) {
    TimeRange period = query.period();
    if (query.bucket() == null) {
      return rollups == null
          ? List.of(whole(period)).iterator()
          : new Stretches(period, null, query.zone());
    }
    // A report from 1970 on has no more buckets to look at than there is usage.
    Extent extent = rollups == null ? ofRecords(dsl) : ofRollups(dsl, rollups);
    if (extent == null || !extent.overlaps(period)) {
      return Collections.emptyIterator();
    }
    return new Stretches(extent.cut(period), query.bucket(), query.zone());
  }

  static Stretch whole(TimeRange period) {
    return new Stretch(null, Micros.of(period.from()), Micros.of(period.to()));
  }

  private @Nullable Extent ofRecords(DSLContext dsl) {
    Condition all = records.dialect().shards().anywhere(USAGE_EVENT);
    UUID first = end(dsl, USAGE_EVENT, USAGE_EVENT.id, USAGE_EVENT.id.asc(), all);
    UUID last = end(dsl, USAGE_EVENT, USAGE_EVENT.id, USAGE_EVENT.id.desc(), all);
    return first == null || last == null
        ? null
        : new Extent(UsageId.timeOf(first), UsageId.timeOf(last).plusMillis(1));
  }

  private static @Nullable Extent ofRollups(DSLContext dsl, RollupSource rollups) {
    Field<Long> bucket = USAGE_ROLLUP.bucket;
    Condition days = rollups.of(Grain.DAY);
    Long first = end(dsl, USAGE_ROLLUP, bucket, bucket.asc(), days);
    Long last = end(dsl, USAGE_ROLLUP, bucket, bucket.desc(), days);
    return first == null || last == null
        ? null
        : new Extent(Micros.instant(first), Micros.instant(last + Grain.DAY.micros()));
  }

  private static <T> @Nullable T end(
      DSLContext dsl, Table<?> table, Field<T> field, SortField<T> order, Condition which) {
    return dsl.select(field).from(table).where(which).orderBy(order).limit(1).fetchOne(field);
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
