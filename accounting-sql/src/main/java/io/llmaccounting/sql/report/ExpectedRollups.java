package io.llmaccounting.sql.report;

import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.RollupKey;
import io.llmaccounting.sql.Rollups;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageId;
import io.llmaccounting.usage.UsageTotals;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rollups that the records make, one UTC day after another: ids are in the order of days, so
 * that only one day is in memory. Confined to one thread.
 */
final class ExpectedRollups implements AutoCloseable {
  private final SqlSession session;
  private final long completeFrom;
  private final SqlQuery.Rows rows;
  private @Nullable RecordedUsage waiting;

  /** Starts with the first record at or after {@code completeFrom}, microseconds since 1970. */
  ExpectedRollups(SqlSession session, long completeFrom) throws SQLException {
    this.session = session;
    this.completeFrom = completeFrom;
    this.rows =
        new SqlQuery()
            .add(UsageRow.select(session.dialect()) + " WHERE ")
            .add(session.dialect().shards().anywhere("e") + "e.id >= ")
            .id(UsageId.floor(Micros.instant(completeFrom)))
            .add(" AND e.occurred_at >= ")
            .number(completeFrom)
            .add(" ORDER BY e.id")
            .open(session);
    advance();
  }

  /** The start of the next day with records, {@link StoredRollups#END} after the last. */
  long day() {
    return waiting == null ? StoredRollups.END : dayOf(waiting);
  }

  /**
   * The rows of the next day, folded as {@code fold} says, without buckets that begin before the
   * records are complete.
   */
  SortedMap<RollupKey, UsageTotals> take(UnaryOperator<RollupKey> fold) throws SQLException {
    Rollups rollups = new Rollups();
    long day = day();
    while (waiting != null && dayOf(waiting) == day) {
      rollups.add(waiting, fold);
      advance();
    }
    SortedMap<RollupKey, UsageTotals> rows = rollups.rows();
    rows.keySet().removeIf(key -> key.bucket() < completeFrom);
    return rows;
  }

  private void advance() throws SQLException {
    waiting = rows.next() ? UsageRow.read(rows.row(), session.dialect()) : null;
  }

  private static long dayOf(RecordedUsage record) {
    return Grain.DAY.floor(Micros.of(record.usage().occurredAt()));
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
