package io.llmaccounting.sql.report;

import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.sql.AdjustmentRow;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads usage from a database. Safe for use by many threads. */
public final class SqlUsageStore implements UsageStore {
  // records or rollups that a report looks at in one transaction
  private static final int SLICE = 20_000;

  private final Connections connections;
  private final int part;

  /** Reads through {@code connections}. */
  public SqlUsageStore(Connections connections) {
    this(connections, SLICE);
  }

  /** Reads through {@code connections}; reports look at so many rows in one transaction. */
  public SqlUsageStore(Connections connections, int part) {
    this.connections = connections;
    this.part = part;
  }

  @Override
  public Optional<RecordedUsage> find(UUID id) {
    return connections.read(session -> find(session, id));
  }

  @Override
  public Optional<RecordedUsage> findByKey(@Nullable String project, String key) {
    return connections.read(
        session -> {
          UUID id = holder(session, project == null ? "" : project, key);
          return id == null
              ? Optional.empty()
              : find(session, id, session.dialect().shards().one("e", project));
        });
  }

  private static @Nullable UUID holder(SqlSession session, String project, String key)
      throws SQLException {
    SqlQuery query =
        new SqlQuery()
            .add("SELECT k.usage_id FROM usage_key k WHERE ")
            .add(session.dialect().shards().one("k", project) + "k.project = ")
            .text(project)
            .add(" AND k.idempotency_key = ")
            .text(key);
    try (SqlQuery.Rows rows = query.open(session)) {
      return rows.next() ? rows.columns().id() : null;
    }
  }

  private static Optional<RecordedUsage> find(SqlSession session, UUID id) throws SQLException {
    return find(session, id, session.dialect().shards().anywhere("e"));
  }

  private static Optional<RecordedUsage> find(SqlSession session, UUID id, String where)
      throws SQLException {
    SqlQuery query =
        new SqlQuery()
            .add(UsageRow.select(session.dialect()) + " WHERE " + where + "e.id = ")
            .id(id);
    try (SqlQuery.Rows rows = query.open(session)) {
      return rows.next()
          ? Optional.of(UsageRow.read(rows.row(), session.dialect()))
          : Optional.empty();
    }
  }

  @Override
  public Map<UUID, List<UsageAdjustment>> adjustments(Set<UUID> ids) {
    return connections.read(session -> AdjustmentRow.histories(session, ids));
  }

  @Override
  public List<RecordedUsage> latest(UsageQuery query) {
    return new NewestRun(connections, query).records();
  }

  @Override
  public void scan(TimeRange period, UsageFilter filter, Consumer<RecordedUsage> reader) {
    new ScanRun(connections, period, filter).run(reader);
  }

  @Override
  public List<ReportRow> report(ReportQuery query) {
    return new ReportRun(connections, query, part).rows();
  }

  @Override
  public Instant completeFrom() {
    return connections.read(session -> Micros.instant(StoreSettings.PURGE_HORIZON.read(session)));
  }
}
