package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitSet;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps limits. Every change first keeps the ledgers out: none of their transactions runs between.
 * Safe for use by many threads.
 */
public final class SqlLimitStore implements LimitStore {
  private static final String BY_NAME = LimitRow.SELECT + " WHERE name = ?";
  private static final String DELETE = "DELETE FROM quota_limit WHERE id = ?";
  private static final String INSERT =
      "INSERT INTO quota_limit (id, name, who, metric, maximum, window_rule, action,"
          + " alert_percents, open_amount, unpriced, unpriced_ceiling, grain)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final Connections connections;
  private final LedgerClock clock;
  private final CounterRows counters;
  private final CounterRows bases;
  private final HoldRows holds;

  /** Keeps them behind {@code connections}. */
  public SqlLimitStore(Connections connections, Dialect dialect, LedgerClock clock) {
    this.connections = connections;
    this.clock = clock;
    this.counters = new CounterRows(dialect);
    this.bases = CounterRows.ofBases(dialect);
    this.holds = new HoldRows(dialect);
  }

  @Override
  public long revision() {
    return connections.read(StoreSettings.LIMIT_REVISION::read);
  }

  @Override
  public LimitSet load() {
    return connections.read(
        session -> new LimitSet(StoreSettings.LIMIT_REVISION.read(session), all(session)));
  }

  /** Every limit, by name. */
  public static List<StoredLimit> all(SqlSession session) throws SQLException {
    List<StoredLimit> limits = new ArrayList<>();
    try (ResultSet rows = session.prepare(LimitRow.SELECT).executeQuery()) {
      while (rows.next()) {
        limits.add(LimitRow.read(rows, session.dialect()));
      }
    }
    limits.sort(Comparator.comparing(stored -> stored.limit().name()));
    return limits;
  }

  @Override
  public StoredLimit save(Limit limit, CounterSeed seed) {
    return connections.write(session -> save(session, limit, seed));
  }

  private StoredLimit save(SqlSession session, Limit limit, CounterSeed seed) throws SQLException {
    StoreSettings.keepLedgersOut(session);
    StoreSettings.LIMIT_REVISION.next(session);
    StoredLimit replaced = find(session, limit.name());
    if (replaced != null) {
      delete(session, replaced.id());
      if (seed.keeps(replaced.limit(), limit)) {
        return insert(session, new StoredLimit(replaced.id(), limit));
      }
      counters.delete(session, replaced.id());
      bases.delete(session, replaced.id());
    }
    StoredLimit stored =
        insert(session, new StoredLimit(StoreSettings.LIMIT_ID.next(session), limit));
    countAnew(session, seed, replaced, stored);
    return stored;
  }

  @Override
  public boolean delete(String name, CounterSeed seed) {
    return connections.write(
        session -> {
          StoreSettings.keepLedgersOut(session);
          StoredLimit stored = find(session, name);
          if (stored == null) {
            return false;
          }
          delete(session, stored.id());
          counters.delete(session, stored.id());
          bases.delete(session, stored.id());
          StoreSettings.LIMIT_REVISION.next(session);
          countAnew(session, seed, stored, null);
          return true;
        });
  }

  private void countAnew(
      SqlSession session,
      CounterSeed seed,
      @Nullable StoredLimit before,
      @Nullable StoredLimit after)
      throws SQLException {
    List<StoredLimit> limits = all(session);
    Set<Long> anew = new TreeSet<>(seed.countedAnew(before, after, limits));
    if (anew.isEmpty()) {
      return;
    }
    SeededCounters seeded =
        seed.seed(
            anew,
            new SqlSnapshot(
                session,
                clock.now(session),
                limits,
                counters.of(session, anew),
                bases.of(session, anew),
                HoldRows.all(session)));
    for (long id : anew) {
      counters.delete(session, id);
    }
    Pipeline pipeline = new Pipeline(session);
    counters.write(pipeline, seeded.counters());
    holds.write(pipeline, seeded.holds());
    pipeline.run();
  }

  private static @Nullable StoredLimit find(SqlSession session, String name) throws SQLException {
    PreparedStatement statement = session.prepare(BY_NAME);
    statement.setString(1, name);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? LimitRow.read(row, session.dialect()) : null;
    }
  }

  private static StoredLimit insert(SqlSession session, StoredLimit stored) throws SQLException {
    PreparedStatement statement = session.prepare(INSERT);
    LimitRow.bind(stored, new Parameters(statement, session.dialect()));
    statement.executeUpdate();
    return stored;
  }

  private static void delete(SqlSession session, long id) throws SQLException {
    PreparedStatement statement = session.prepare(DELETE);
    statement.setLong(1, id);
    statement.executeUpdate();
  }
}
