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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
          + " alert_percents, open_amount, unpriced, unpriced_ceiling, grain, weights)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

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
    return saveAll(List.of(limit), seed).get(0);
  }

  @Override
  public List<StoredLimit> saveAll(List<Limit> limits, CounterSeed seed) {
    return connections.write(session -> saveAll(session, limits, seed));
  }

  /** What was replaced or deleted, and what was saved in its place. */
  private record Change(@Nullable StoredLimit before, @Nullable StoredLimit after) {}

  private List<StoredLimit> saveAll(SqlSession session, List<Limit> saved, CounterSeed seed)
      throws SQLException {
    StoreSettings.keepLedgersOut(session);
    StoreSettings.LIMIT_REVISION.next(session);
    Map<String, StoredLimit> known = new HashMap<>();
    all(session).forEach(stored -> known.put(stored.limit().name(), stored));
    Map<String, StoredLimit> written = new LinkedHashMap<>();
    List<StoredLimit> answer = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (Limit limit : saved) {
      StoredLimit replaced = known.get(limit.name());
      boolean keeps = replaced != null && seed.keeps(replaced.limit(), limit);
      if (replaced != null) {
        delete(session, replaced.id());
      }
      if (replaced != null && !keeps) {
        counters.delete(session, replaced.id());
        bases.delete(session, replaced.id());
      }
      long id = replaced != null && keeps ? replaced.id() : StoreSettings.LIMIT_ID.next(session);
      StoredLimit stored = new StoredLimit(id, limit);
      if (!keeps) {
        changes.add(new Change(replaced, stored));
      }
      known.put(limit.name(), stored);
      written.put(limit.name(), stored);
      answer.add(stored);
    }
    insert(session, written.values());
    countAnew(session, seed, changes);
    return answer;
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
          countAnew(session, seed, List.of(new Change(stored, null)));
          return true;
        });
  }

  private void countAnew(SqlSession session, CounterSeed seed, List<Change> changes)
      throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    List<StoredLimit> limits = all(session);
    Set<Long> anew = new TreeSet<>();
    for (Change change : changes) {
      anew.addAll(seed.countedAnew(change.before(), change.after(), limits));
    }
    anew.retainAll(limits.stream().map(StoredLimit::id).collect(Collectors.toSet()));
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

  /** Replaces limits under their numbers, and lets every process know; counters stay. */
  public static void replace(SqlSession session, Collection<StoredLimit> limits)
      throws SQLException {
    if (limits.isEmpty()) {
      return;
    }
    for (StoredLimit stored : limits) {
      delete(session, stored.id());
    }
    insert(session, limits);
    StoreSettings.LIMIT_REVISION.next(session);
  }

  private static @Nullable StoredLimit find(SqlSession session, String name) throws SQLException {
    PreparedStatement statement = session.prepare(BY_NAME);
    statement.setString(1, name);
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? LimitRow.read(row, session.dialect()) : null;
    }
  }

  private static void insert(SqlSession session, Collection<StoredLimit> limits)
      throws SQLException {
    PreparedStatement statement = session.prepare(INSERT);
    for (StoredLimit stored : limits) {
      LimitRow.bind(stored, new Parameters(statement, session.dialect()));
      statement.addBatch();
    }
    statement.executeBatch();
  }

  private static void delete(SqlSession session, long id) throws SQLException {
    PreparedStatement statement = session.prepare(DELETE);
    statement.setLong(1, id);
    statement.executeUpdate();
  }
}
