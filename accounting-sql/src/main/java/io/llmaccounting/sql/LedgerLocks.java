package io.llmaccounting.sql;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.StaleLimitsException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Locks what a transaction of the ledger needs before anything is decided: the limits' revision,
 * counters by key, then holds. Safe for use by many threads.
 */
final class LedgerLocks {
  /** The transaction is to be repeated. */
  static final String CONFLICT = "40001";

  private final LedgerClock clock;
  private final CounterRows counters;
  private final HoldRows holds;
  private final boolean hasRowLocks;
  private final MetCounters met = new MetCounters();

  LedgerLocks(SqlDialect dialect, LedgerClock clock, CounterRows counters, HoldRows holds) {
    this.clock = clock;
    this.counters = counters;
    this.holds = holds;
    this.hasRowLocks = !dialect.locking(SqlDialect.RowLock.EXCLUSIVE).isEmpty();
  }

  /** Collects what is found on the way. */
  private static final class Findings {
    final Map<CounterKey, CounterState> states = new TreeMap<>();
    final Set<CounterKey> locked = new HashSet<>();
    final Map<UUID, HoldRecord> holds = new HashMap<>();
    long revision = -1;
    long horizon = -1;
    long keptUntil;
    long namesRevision;
    long sinksRevision;
    long micros;

    Findings(Collection<CounterKey> created) {
      created.forEach(key -> states.put(key, CounterState.EMPTY));
    }

    void lock(CounterRows.Row row) {
      locked.add(row.key());
      row.putIfCounter(states);
    }

    Locked at(Instant now) {
      return new Locked(
          new LedgerView(
              now, Collections.unmodifiableMap(states), Collections.unmodifiableMap(holds)),
          horizon,
          ChangeJournal.Use.at(keptUntil, Micros.of(now)),
          namesRevision,
          sinksRevision);
    }
  }

  /**
   * What was locked, so that nobody changes it meanwhile.
   *
   * @param view counters and holds
   * @param horizon the purge horizon, microseconds since 1970
   * @param journal whether to write down which records change
   * @param namesRevision of the names that rollups tell apart
   * @param sinksRevision of the sinks that are open
   */
  record Locked(
      LedgerView view,
      long horizon,
      ChangeJournal.Use journal,
      long namesRevision,
      long sinksRevision) {}

  /**
   * Locks and reads.
   *
   * @param looksFirst whether to look first which counters the holds are on; otherwise they are
   *     assumed to be on those of the batch, and where that is wrong the transaction has to be
   *     repeated
   * @param place where all lies that is written but for these
   * @throws StaleLimitsException if the limits have another revision
   */
  Locked take(SqlSession session, LedgerBatch batch, boolean looksFirst, int place)
      throws SQLException {
    Findings found = new Findings(batch.counters());
    Pipeline pipeline = new Pipeline(session);
    askSettings(session, pipeline, found, place);
    if (!hasRowLocks) {
      requireCurrent(batch, found);
      return takeAlone(session, batch, found);
    }
    SortedSet<CounterKey> keys = new TreeSet<>(batch.counters());
    if (looksFirst) {
      Map<UUID, HoldRecord> seen = new HashMap<>();
      holds.read(pipeline, all(batch), seen);
      pipeline.run();
      seen.values().forEach(hold -> keys.addAll(countersOf(hold)));
    }
    counters.create(pipeline, met.unknown(batch.counters()));
    counters.lock(pipeline, keys, found::lock);
    boolean asks = !clock.question().isEmpty();
    if (asks) {
      pipeline.add(
          clock.question(), (statement, first) -> first, row -> found.micros = row.getLong(1));
    }
    takeHolds(pipeline, batch, found);
    pipeline.run();
    requireCurrent(batch, found);
    requireNotRemoved(batch, found);
    requireLocked(keys, found.holds.values());
    return found.at(asks ? Micros.instant(found.micros) : clock.now(session));
  }

  // Several are locked in the order of their ids first, and then need not be read once more.
  private void takeHolds(Pipeline pipeline, LedgerBatch batch, Findings found) throws SQLException {
    Set<UUID> wanted = all(batch);
    if (wanted.size() > batch.holdsTaken().size() || wanted.size() > 1) {
      holds.lock(pipeline, wanted, found.holds);
      holds.remove(pipeline, batch.holdsTaken(), found.holds);
    } else {
      holds.take(pipeline, batch.holdsTaken(), found.holds);
    }
  }

  private static void askSettings(SqlSession session, Pipeline pipeline, Findings found, int place)
      throws SQLException {
    if (session.dialect().shards().areOverServers()) {
      StoreSettings.readCopies(
          pipeline,
          Shards.atPlace(place),
          Map.of(
              StoreSettings.LIMIT_REVISION, revision -> found.revision = revision,
              StoreSettings.PURGE_HORIZON, horizon -> found.horizon = horizon,
              StoreSettings.CHANGES_KEPT_UNTIL, until -> found.keptUntil = until,
              StoreSettings.NAMES_REVISION, revision -> found.namesRevision = revision,
              StoreSettings.SINKS_REVISION, revision -> found.sinksRevision = revision));
      return;
    }
    StoreSettings.LIMIT_REVISION.read(
        pipeline, session, SqlDialect.RowLock.SHARED, revision -> found.revision = revision);
    // The horizon is read after that lock, which waits for a transaction that moves it.
    StoreSettings.readAll(
        pipeline,
        session,
        Map.of(
            StoreSettings.PURGE_HORIZON, horizon -> found.horizon = horizon,
            StoreSettings.CHANGES_KEPT_UNTIL, until -> found.keptUntil = until,
            StoreSettings.NAMES_REVISION, revision -> found.namesRevision = revision,
            StoreSettings.SINKS_REVISION, revision -> found.sinksRevision = revision));
  }

  // Nobody else writes, so the counters that holds are on are read from the holds.
  private Locked takeAlone(SqlSession session, LedgerBatch batch, Findings found)
      throws SQLException {
    Pipeline pipeline = new Pipeline(session);
    holds.read(pipeline, withoutTaken(batch), found.holds);
    holds.take(pipeline, batch.holdsTaken(), found.holds);
    SortedSet<CounterKey> keys = new TreeSet<>(batch.counters());
    found.holds.values().forEach(hold -> keys.addAll(countersOf(hold)));
    counters.lock(pipeline, keys, found::lock);
    return found.at(clock.now(session));
  }

  private static void requireCurrent(LedgerBatch batch, Findings found) {
    if (found.revision < 0) {
      throw StoreSettings.LIMIT_REVISION.missing();
    }
    if (found.horizon < 0) {
      throw StoreSettings.PURGE_HORIZON.missing();
    }
    if (found.revision != batch.limitRevision()) {
      throw new StaleLimitsException(batch.limitRevision(), found.revision);
    }
  }

  // A counter that was idle may go between looking whether it has a row and locking it, and after
  // this process met it.
  private void requireNotRemoved(LedgerBatch batch, Findings found) throws SQLException {
    met.add(found.locked);
    if (!found.locked.containsAll(batch.counters())) {
      met.forget(batch.counters());
      throw new SQLException("counters were removed before they were locked", CONFLICT);
    }
  }

  // A hold may be on counters of limits that have changed since, and it may have grown meanwhile.
  private static void requireLocked(Set<CounterKey> locked, Collection<HoldRecord> found)
      throws SQLException {
    for (HoldRecord hold : found) {
      if (!locked.containsAll(countersOf(hold))) {
        throw new SQLException("hold " + hold.id() + " is on counters not locked", CONFLICT);
      }
    }
  }

  private static Set<UUID> all(LedgerBatch batch) {
    Set<UUID> ids = new HashSet<>(batch.holdsTaken());
    ids.addAll(batch.holdsRead());
    return ids;
  }

  private static Set<UUID> withoutTaken(LedgerBatch batch) {
    Set<UUID> ids = new HashSet<>(batch.holdsRead());
    ids.removeAll(batch.holdsTaken());
    return ids;
  }

  private static List<CounterKey> countersOf(HoldRecord hold) {
    List<CounterKey> keys = new ArrayList<>(hold.amounts().size());
    hold.amounts().forEach(amount -> keys.add(amount.counter()));
    return keys;
  }
}
