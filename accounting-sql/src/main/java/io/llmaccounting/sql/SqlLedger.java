package io.llmaccounting.sql;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.SpreadLedger;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Books usage and quotas. Every transaction takes its locks in the same order: the limits'
 * revision, counters, holds, keys, new records, records that are there, rollups, alerts, denials;
 * each of them by key. Safe for use by many threads.
 */
public final class SqlLedger implements SpreadLedger {
  private final Connections connections;
  private final Shards shards;
  private final LedgerClock clock;
  private final LedgerLocks locks;
  private final CounterRows counters;
  private final CounterSweep sweep;
  private final HoldRows holds;
  private final RecordWriter records;
  private final QuotaEvents events;
  private final AdjustmentRows adjustments;
  private final ChangeJournal changes;
  private final LedgerNames names;
  private final OutboxRows outbox;

  /** Renders the statements, once. */
  public SqlLedger(Connections connections, SqlDialect dialect, LedgerClock clock) {
    this(connections, dialect, clock, LedgerNames.REMEMBERED);
  }

  /** Renders the statements, and remembers at most {@code remembered} names of rollups. */
  public SqlLedger(Connections connections, SqlDialect dialect, LedgerClock clock, int remembered) {
    this.connections = connections;
    this.shards = dialect.shards();
    this.clock = clock;
    this.counters = new CounterRows(dialect);
    this.sweep = new CounterSweep(counters);
    this.holds = new HoldRows(dialect);
    this.locks = new LedgerLocks(dialect, clock, counters, holds);
    this.adjustments = new AdjustmentRows(dialect);
    this.records = new RecordWriter(dialect, adjustments);
    this.events = new QuotaEvents(dialect);
    this.changes = new ChangeJournal(dialect);
    this.names = new LedgerNames(new NameRows(dialect), remembered);
    this.outbox = new OutboxRows(dialect, new SecureRandom());
  }

  @Override
  public void transact(LedgerBatch batch, Decider decider) {
    transactAt(HOME, batch, decider);
  }

  @Override
  public int placeOf(@Nullable String project) {
    return shards.placeOf(project);
  }

  @Override
  public void transactAt(int place, LedgerBatch batch, Decider decider) {
    AtomicBoolean repeated = new AtomicBoolean();
    connections
        .write(
            session ->
                run(
                    session,
                    locks.take(session, batch, repeated.getAndSet(true), place),
                    new Asked(batch, decider, place)))
        .committed(connections);
  }

  /** What a transaction is asked to do, and where. */
  private record Asked(LedgerBatch batch, Decider decider, int place) {}

  private LedgerNames.Batch run(SqlSession session, LedgerLocks.Locked locked, Asked asked)
      throws SQLException {
    LedgerBatch batch = asked.batch();
    Decider decider = asked.decider();
    LedgerView seen = withExpired(locked.view(), session, batch);
    List<RecordedUsage> stamped = List.copyOf(decider.stamp(seen));
    PurgeFilter purged = new PurgeFilter(locked.horizon(), decider::storesOld);
    LedgerNames.Batch naming = names.begin(session, locked.namesRevision());
    AdjustmentRows.Locked found =
        adjustments.lock(
            session, stamped, records.store(session, stamped, purged, naming), batch.recordsRead());
    StoredRecords stored = found.records();
    LedgerView view = seen.withRecords(found.read());
    LedgerWrites writes = decider.decide(view, stored);
    requireLocked(writes.counters().keySet(), view.counters().keySet());
    Pipeline pipeline = new Pipeline(session);
    records.book(
        session,
        pipeline,
        new RecordWriter.Booked(
            stamped.stream().filter(one -> stored.fresh().contains(one.usage().id())).toList(),
            AdjustmentRows.ofRollups(session, writes.adjustments(), naming),
            naming),
        decider);
    if (locked.journal() == ChangeJournal.Use.KEEP) {
      changes.add(pipeline, stored.fresh());
    }
    List<String> sinks = outbox.sinks(session, locked.sinksRevision());
    outbox.add(pipeline, sinks, changed(sinks, stored, writes), view.now(), asked.place());
    CounterSweep.Page page = addWrites(pipeline, view, writes);
    pipeline.run();
    correct(session, writes.adjustments(), locked.journal(), view.now());
    if (page != null) {
      page.removeIdle(session);
    }
    if (locked.journal() == ChangeJournal.Use.DROP) {
      ChangeJournal.drop(session);
    }
    return naming;
  }

  private static Set<UUID> changed(List<String> sinks, StoredRecords stored, LedgerWrites writes) {
    if (sinks.isEmpty()) {
      return Set.of();
    }
    Set<UUID> changed = new TreeSet<>(stored.fresh());
    writes.adjustments().forEach(one -> changed.add(one.before().usage().id()));
    return changed;
  }

  // null where no counter is written
  private CounterSweep.@Nullable Page addWrites(
      Pipeline pipeline, LedgerView view, LedgerWrites writes) throws SQLException {
    counters.write(pipeline, writes.counters());
    holds.write(pipeline, writes.holds());
    events.addAlerts(pipeline, writes.alerts());
    events.addDenials(pipeline, writes.denials());
    int written = writes.counters().size();
    return written == 0
        ? null
        : sweep.look(pipeline, written, Micros.of(view.now()), view.counters().keySet());
  }

  private static LedgerView withExpired(LedgerView view, SqlSession session, LedgerBatch batch)
      throws SQLException {
    Instant from = batch.expiredFrom();
    return from == null || view.now().isBefore(from)
        ? view
        : view.withExpired(HoldRows.expired(session, view.now(), LedgerBatch.EXPIRED_AT_ONCE));
  }

  private void correct(
      SqlSession session, List<Adjustment> corrections, ChangeJournal.Use journal, Instant now)
      throws SQLException {
    Map<UUID, Long> sequences = adjustments.sequences(session, corrections);
    if (journal == ChangeJournal.Use.KEEP) {
      changes.correct(
          session, corrections.stream().map(one -> one.before().usage().id()).toList(), sequences);
    }
    adjustments.write(session, corrections, sequences, now);
  }

  private static void requireLocked(Set<CounterKey> written, Set<CounterKey> locked) {
    if (!locked.containsAll(written)) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "counters must be locked before they are written: written %s, locked %s; name them in the batch"
              .formatted(written, locked));
    }
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
  public List<HoldRecord> expiredHolds(int most) {
    return connections.read(session -> HoldRows.expired(session, clock.now(session), most));
  }

  @Override
  public List<DenialCount> denials(TimeRange period) {
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
