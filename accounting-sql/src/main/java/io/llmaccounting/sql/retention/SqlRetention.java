package io.llmaccounting.sql.retention;

import io.llmaccounting.backend.BaseCarrier;
import io.llmaccounting.backend.PurgeSlice;
import io.llmaccounting.backend.PurgedSlice;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import io.llmaccounting.sql.report.OldRecords;
import io.llmaccounting.usage.UsageFilter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;

/** Removes what is old from a database. Safe for use by many threads. */
public final class SqlRetention implements Retention {
  private static final Set<Leftover> BEHIND_THE_HORIZON = Set.of(Leftover.KEYS, Leftover.ROLLUPS);

  private static final Set<Leftover> NOT_YET = Set.of(Leftover.IDLE_COUNTERS);

  private final Connections connections;
  private final LedgerClock clock;
  private final UsageRemoval removal;
  private final LeftoverRows leftovers;

  /** Works on what lies behind {@code connections}. */
  public SqlRetention(Connections connections, SqlDialect dialect, LedgerClock clock) {
    this.connections = connections;
    this.clock = clock;
    this.removal = new UsageRemoval(dialect, clock);
    this.leftovers = new LeftoverRows(dialect);
  }

  @Override
  public PurgedSlice removeUsage(PurgeSlice slice, BaseCarrier carrier) {
    return connections.write(
        session -> {
          UsageRemoval.begin(session, slice.before());
          return removal.remove(session, slice, carrier);
        });
  }

  @Override
  public long countUsage(Instant before, UsageFilter filter) {
    return connections.read(
        session -> {
          SqlQuery count = new SqlQuery().add("SELECT count(*)");
          OldRecords.add(session.dialect(), before, filter, count);
          try (SqlQuery.Rows rows = count.open(session)) {
            return rows.next() ? rows.columns().number() : 0L;
          }
        });
  }

  @Override
  public long remove(Leftover what, Instant before, int count) {
    return connections.write(
        session -> {
          return leftovers.delete(session, what, allowed(session, what, before), count);
        });
  }

  @Override
  public long count(Leftover what, Instant before) {
    return connections.read(
        session -> leftovers.count(session, what, notAhead(session, what, before)));
  }

  private Instant allowed(SqlSession session, Leftover what, Instant before) throws SQLException {
    if (BEHIND_THE_HORIZON.contains(what)) {
      UsageRemoval.requireBehind(StoreSettings.PURGE_HORIZON.read(session), before);
    }
    return notAhead(session, what, before);
  }

  // A counter that was idle may be in use again.
  private Instant notAhead(SqlSession session, Leftover what, Instant before) throws SQLException {
    Instant now = clock.now(session);
    return NOT_YET.contains(what) && now.isBefore(before) ? now : before;
  }
}
