package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;
import static io.llmaccounting.sql.UsageKeyTable.USAGE_KEY;

import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.SelectConditionStep;
import io.llmaccounting.shaded.jooq.SortField;
import io.llmaccounting.sql.AdjustmentRow;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.RowCursor;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.sql.UsageSelection;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads usage from a database. Safe for use by many threads. */
public final class SqlUsageStore implements UsageStore {
  private static final int SLICE = 1_000;

  private final Connections connections;

  /** Reads through {@code connections}. */
  public SqlUsageStore(Connections connections) {
    this.connections = connections;
  }

  @Override
  public Optional<RecordedUsage> find(UUID id) {
    return connections.read(session -> find(session, id));
  }

  @Override
  public Optional<RecordedUsage> findByKey(@Nullable String project, String key) {
    return connections.read(
        session -> {
          UUID id =
              session
                  .dsl()
                  .select(USAGE_KEY.usageId)
                  .from(USAGE_KEY)
                  .where(session.dialect().shards().anywhere(USAGE_KEY))
                  .and(USAGE_KEY.project.eq(project == null ? "" : project))
                  .and(USAGE_KEY.idempotencyKey.eq(key))
                  .fetchOne(USAGE_KEY.usageId);
          return id == null ? Optional.empty() : find(session, id);
        });
  }

  private static Optional<RecordedUsage> find(SqlSession session, UUID id) throws SQLException {
    try (RowCursor cursor = open(session, USAGE_EVENT.id.eq(id), USAGE_EVENT.id.asc())) {
      return cursor.next()
          ? Optional.of(UsageRow.read(cursor.row(), session.dialect()))
          : Optional.empty();
    }
  }

  @Override
  public Map<UUID, List<UsageAdjustment>> adjustments(Set<UUID> ids) {
    return connections.read(session -> AdjustmentRow.histories(session, ids));
  }

  @Override
  public List<RecordedUsage> latest(UsageFilter filter, int count) {
    if (count <= 0) {
      return List.of();
    }
    return connections.read(
        session -> {
          NewestRecords newest = new NewestRecords(count);
          Condition which = Conditions.of(filter, new RecordSource(session.dialect()));
          try (RowCursor cursor = open(session, which, USAGE_EVENT.id.desc())) {
            while (cursor.next()) {
              RecordedUsage record = UsageRow.read(cursor.row(), session.dialect());
              if (newest.isCompleteBefore(record)) {
                break;
              }
              newest.add(record);
            }
          }
          return newest.inReadingOrder();
        });
  }

  @Override
  public void scan(TimeRange period, UsageFilter filter, Consumer<RecordedUsage> reader) {
    UUID last = null;
    boolean more = true;
    while (more) {
      List<RecordedUsage> slice = slice(period, filter, last);
      slice.forEach(reader);
      more = slice.size() == SLICE;
      last = more ? slice.get(SLICE - 1).usage().id() : last;
    }
  }

  // One view for as long as a reader takes would keep every dead version of a busy counter's row.
  private List<RecordedUsage> slice(TimeRange period, UsageFilter filter, @Nullable UUID after) {
    return connections.read(
        session -> {
          RecordSource records = new RecordSource(session.dialect());
          Condition which =
              records.in(ReportPlan.whole(period)).and(Conditions.of(filter, records));
          if (after != null) {
            which = which.and(USAGE_EVENT.id.gt(after));
          }
          List<RecordedUsage> slice = new ArrayList<>();
          try (RowCursor cursor = open(session, which, USAGE_EVENT.id.asc(), SLICE)) {
            while (cursor.next()) {
              slice.add(UsageRow.read(cursor.row(), session.dialect()));
            }
          }
          return slice;
        });
  }

  private static RowCursor open(
      SqlSession session, Condition which, SortField<UUID> order, int count) {
    return RowCursor.open(session, select(session, which).orderBy(order).limit(count));
  }

  private static RowCursor open(SqlSession session, Condition which, SortField<UUID> order) {
    return RowCursor.open(session, select(session, which).orderBy(order));
  }

  private static SelectConditionStep<?> select(SqlSession session, Condition which) {
    return session
        .dsl()
        .select(UsageSelection.FIELDS)
        .from(UsageSelection.source(session.dialect()))
        .where(session.dialect().shards().anywhere(USAGE_EVENT))
        .and(which);
  }

  @Override
  public List<ReportRow> report(ReportQuery query) {
    return connections.read(session -> new ReportRun(session, query).rows());
  }

  @Override
  public Instant completeFrom() {
    return connections.read(session -> Micros.instant(StoreSettings.PURGE_HORIZON.read(session)));
  }
}
