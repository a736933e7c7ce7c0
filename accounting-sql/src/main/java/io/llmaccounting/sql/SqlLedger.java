package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.Period;
import java.sql.SQLException;
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
 * Books usage and quotas. Every transaction takes its locks in the same order: the limits'
 * revision, counters by key, holds, keys, records, rollups. Safe for use by many threads.
 */
public final class SqlLedger implements Ledger {
  private static final String CONFLICT = "40001";

  private final Connections connections;
  private final LedgerClock clock;
  private final boolean hasRowLocks;
  private final CounterRows counters;
  private final HoldRows holds;
  private final RecordWriter records;
  private final QuotaEvents events;
  private final AdjustmentRows adjustments;

  /** Renders the statements, once. */
  public SqlLedger(Connections connections, Dialect dialect, LedgerClock clock) {
    this.connections = connections;
    this.clock = clock;
    this.hasRowLocks = !dialect.locking(Dialect.RowLock.EXCLUSIVE).isEmpty();
    this.counters = new CounterRows(dialect);
    this.holds = new HoldRows(dialect);
    this.records = new RecordWriter(dialect);
    this.events = new QuotaEvents(dialect);
    this.adjustments = new AdjustmentRows(dialect);
  }

  @Override
  public void transact(LedgerBatch batch, Decider decider) {
    connections.write(
        session -> {
          run(session, batch, decider);
          return true;
        });
  }

  private void run(SqlSession session, LedgerBatch batch, Decider decider) throws SQLException {
    StoreSettings.Entrance entrance = StoreSettings.enterLedger(session);
    if (entrance.limitRevision() != batch.limitRevision()) {
      throw new StaleLimitsException(batch.limitRevision(), entrance.limitRevision());
    }
    LedgerView view = view(session, batch);
    StoredRecords stored =
        records.store(
            session,
            decider.stamp(view),
            new PurgeGate(entrance.purgeHorizon(), decider::storesOld));
    LedgerWrites writes = decider.decide(view, stored);
    requireLocked(writes.counters().keySet(), view.counters().keySet());
    counters.write(session, writes.counters());
    holds.write(session, writes.holds());
    events.addAlerts(session, writes.alerts());
    events.addDenials(session, writes.denials());
    adjustments.write(session, writes.adjustments(), view.now());
  }

  private LedgerView view(SqlSession session, LedgerBatch batch) throws SQLException {
    Set<UUID> ids = new HashSet<>(batch.holdsTaken());
    ids.addAll(batch.holdsRead());
    SortedSet<CounterKey> keys = new TreeSet<>(batch.counters());
    holds.read(session, ids).values().forEach(hold -> keys.addAll(countersOf(hold)));
    Map<CounterKey, CounterState> states = new TreeMap<>();
    batch.counters().forEach(key -> states.put(key, CounterState.EMPTY));
    if (hasRowLocks) {
      counters.create(session, batch.counters());
    }
    states.putAll(counters.lock(session, keys));
    var now = clock.now(session);
    Map<UUID, HoldRecord> found = new HashMap<>(holds.lock(session, withoutTaken(batch)));
    found.putAll(holds.take(session, batch.holdsTaken()));
    requireUnchanged(keys, found.values());
    return new LedgerView(
        now,
        Collections.unmodifiableMap(states),
        Collections.unmodifiableMap(found),
        adjustments.lock(session, batch.recordsRead()));
  }

  private static void requireLocked(Set<CounterKey> written, Set<CounterKey> locked) {
    if (!locked.containsAll(written)) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "counters must be locked before they are written: written %s, locked %s; name them in the batch"
              .formatted(written, locked));
    }
  }

  private static Set<UUID> withoutTaken(LedgerBatch batch) {
    Set<UUID> ids = new HashSet<>(batch.holdsRead());
    ids.removeAll(batch.holdsTaken());
    return ids;
  }

  // A hold that grew between the look at it and the locks is a conflict: the batch starts over.
  private static void requireUnchanged(Set<CounterKey> locked, Collection<HoldRecord> found)
      throws SQLException {
    for (HoldRecord hold : found) {
      if (!locked.containsAll(countersOf(hold))) {
        throw new SQLException("hold " + hold.id() + " changed meanwhile", CONFLICT);
      }
    }
  }

  private static List<CounterKey> countersOf(HoldRecord hold) {
    return hold.amounts().stream().map(HoldRecord.Amount::counter).toList();
  }

  @Override
  public LedgerView peek(Set<CounterKey> keys) {
    return connections.read(
        session ->
            new LedgerView(
                clock.now(session), counters.read(session, new TreeSet<>(keys)), Map.of()));
  }

  @Override
  public List<HoldRecord> holds() {
    return connections.read(HoldRows::all);
  }

  @Override
  public List<DenialCount> denials(Period period) {
    return connections.read(session -> QuotaEvents.denials(session, period));
  }

  @Override
  public List<Alert> alerts(boolean undeliveredOnly) {
    return connections.read(session -> QuotaEvents.alerts(session, undeliveredOnly));
  }

  @Override
  public void markDelivered(Set<UUID> alertIds) {
    List<UUID> sorted = new ArrayList<>(new TreeSet<>(alertIds));
    connections.write(
        session -> {
          events.markDelivered(session, sorted);
          return true;
        });
  }
}
