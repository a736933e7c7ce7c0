package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;
import static io.llmaccounting.sql.UsageKeyTable.USAGE_KEY;

import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.SortField;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.RowCursor;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.sql.UsageSelection;
import io.llmaccounting.usage.Period;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.UsageFilter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads usage from a database. Safe for use by many threads. */
public final class SqlUsageStore implements UsageStore {
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
  public void scan(Period period, UsageFilter filter, Consumer<RecordedUsage> reader) {
    connections.read(
        session -> {
          RecordSource records = new RecordSource(session.dialect());
          Condition which =
              records.in(ReportPlan.whole(period)).and(Conditions.of(filter, records));
          try (RowCursor cursor = open(session, which, USAGE_EVENT.id.asc())) {
            while (cursor.next()) {
              reader.accept(UsageRow.read(cursor.row(), session.dialect()));
            }
          }
          return true;
        });
  }

  private static RowCursor open(SqlSession session, Condition which, SortField<UUID> order) {
    return RowCursor.open(
        session,
        session
            .dsl()
            .select(UsageSelection.FIELDS)
            .from(UsageSelection.source(session.dialect()))
            .where(session.dialect().shards().anywhere(USAGE_EVENT))
            .and(which)
            .orderBy(order));
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
