package io.llmaccounting.sql.maintenance;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.NameBound;
import io.llmaccounting.backend.Renaming;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.CounterRows;
import io.llmaccounting.sql.HoldRows;
import io.llmaccounting.sql.LedgerClock;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlLimitStore;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlSnapshot;
import io.llmaccounting.sql.StoreSettings;
import io.llmaccounting.sql.report.RollupCheck;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Proves and repairs a database. Safe for use by many threads. */
public final class SqlMaintenance implements Maintenance {
  private final Connections connections;
  private final LedgerClock clock;
  private final CounterRows counters;
  private final CounterRows bases;
  private final Retention retention;
  private final Renaming renaming;
  private final NameBound names;

  /**
   * Works on what lies behind {@code connections}; {@code retention} forgets what is old, and
   * {@code overwriting} overwrites what was freed, or says that it does not.
   */
  public SqlMaintenance(
      Connections connections,
      SqlDialect dialect,
      LedgerClock clock,
      Retention retention,
      BooleanSupplier overwriting) {
    this.connections = connections;
    this.clock = clock;
    this.counters = new CounterRows(dialect);
    this.bases = CounterRows.ofBases(dialect);
    this.retention = retention;
    this.names = new SqlNameBound(connections);
    this.renaming = new SqlRenaming(connections, dialect, this::snapshot, overwriting);
  }

  @Override
  public List<Difference> compareRollups() {
    return connections.read(session -> new RollupCheck(session).differences());
  }

  @Override
  public void rebuildRollups() {
    connections.write(
        session -> {
          StoreSettings.keepLedgersOut(session);
          new RollupCheck(session).rebuild();
          return true;
        });
  }

  @Override
  public <T> T inspect(Function<LedgerSnapshot, T> reader) {
    return connections.read(session -> reader.apply(snapshot(session)));
  }

  @Override
  public void rebuildCounters(Function<LedgerSnapshot, Map<CounterKey, CounterState>> rebuild) {
    connections.write(
        session -> {
          StoreSettings.keepLedgersOut(session);
          Map<CounterKey, CounterState> rebuilt = rebuild.apply(snapshot(session));
          counters.deleteAll(session);
          counters.write(session, rebuilt);
          return true;
        });
  }

  @Override
  public Retention retention() {
    return retention;
  }

  @Override
  public Renaming renaming() {
    return renaming;
  }

  @Override
  public NameBound names() {
    return names;
  }

  private LedgerSnapshot snapshot(SqlSession session) throws SQLException {
    return new SqlSnapshot(
        session,
        clock.now(session),
        SqlLimitStore.all(session),
        counters.all(session),
        bases.all(session),
        HoldRows.all(session));
  }
}
