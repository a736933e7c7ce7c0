package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.shaded.jooq.exception.DataAccessException;
import io.llmaccounting.usage.RecordedUsage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a transaction sees; reads records only when asked for them. */
public record SqlSnapshot(
    SqlSession session,
    Instant now,
    List<StoredLimit> limits,
    Map<CounterKey, CounterState> counters,
    Map<CounterKey, CounterState> bases,
    List<HoldRecord> holds)
    implements LedgerSnapshot {

  @Override
  public void scan(Instant from, Consumer<RecordedUsage> reader) {
    SqlQuery query =
        new SqlQuery()
            .add(UsageRow.select(session.dialect()) + " WHERE e.charged_at >= ")
            .number(Micros.of(from));
    try (SqlQuery.Rows rows = query.open(session)) {
      while (rows.next()) {
        reader.accept(UsageRow.read(rows.row(), session.dialect()));
      }
    } catch (SQLException e) {
      throw new DataAccessException("records could not be read", e);
    }
  }
}
