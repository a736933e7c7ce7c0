package io.llmaccounting.sql;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Recounting;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Keeps limits. A change keeps the ledgers out: none of their transactions runs between. What it
 * counts anew is counted before, while they go on; then only what they have done meanwhile is added
 * with them kept out. Where that cannot be known it is counted with them kept out after all. Safe
 * for use by many threads.
 */
public final class SqlLimitStore implements LimitStore {
  private static final int TRIES = 2;

  private final Connections connections;
  private final LedgerClock clock;
  private final StoredLimits rows;
  private final CounterRows counters;
  private final CounterRows bases;
  private final HoldRows holds;
  private final ChangeJournal journal;
  private final RecordCount records;
  private final ReentrantLock counting = new ReentrantLock();

  /** Keeps them behind {@code connections}. */
  public SqlLimitStore(Connections connections, SqlDialect dialect, LedgerClock clock) {
    this.connections = connections;
    this.clock = clock;
    this.rows = new StoredLimits();
    this.counters = new CounterRows(dialect);
    this.bases = CounterRows.ofBases(dialect);
    this.holds = new HoldRows(dialect);
    this.journal = new ChangeJournal(dialect);
    this.records = new RecordCount(connections, dialect, journal);
  }

  @Override
  public long revision() {
    return connections.read(StoreSettings.LIMIT_REVISION::read);
  }

  @Override
  public AllLimits load() {
    return connections.read(rows::known);
  }

  /** Every limit, by name. */
  public static List<StoredLimit> all(SqlSession session) throws SQLException {
    return StoredLimits.all(session);
  }

  @Override
  public StoredLimit save(Limit limit, CounterSeed seed) {
    return saveAll(List.of(limit), seed).get(0);
  }

  @Override
  public List<StoredLimit> saveAll(List<Limit> limits, CounterSeed seed) {
    return change(known -> LimitPlan.saving(known, limits), seed);
  }

  @Override
  public boolean delete(String name, CounterSeed seed) {
    LimitEdit edit = new LimitEdit(List.of(), Set.of(name));
    return !done((known, numbers) -> LimitPlan.of(known, edit, seed, numbers), seed).isNothing();
  }

  @Override
  public List<StoredLimit> change(Function<AllLimits, LimitEdit> wish, CounterSeed seed) {
    return done((known, numbers) -> LimitPlan.of(known, wish.apply(known), seed, numbers), seed)
        .answer();
  }

  /** What is wanted. */
  private interface Wish {
    LimitPlan plan(AllLimits known, LimitPlan.Numbers numbers) throws SQLException;
  }

  /** What is counted, and whether what happens meanwhile can be told. */
  private record Start(LimitPlan plan, long recordsRevision, Instant now) {}

  private LimitPlan done(Wish wish, CounterSeed seed) {
    Optional<LimitPlan> simple = Optional.empty();
    if (!countsAnew(wish)) {
      simple = connections.write(session -> applySimple(session, wish));
    }
    LimitPlan done = simple.orElseGet(() -> countAndApply(wish, seed));
    if (!done.isNothing()) {
      rows.changed(new AllLimits(done.before() + 1, done.limits()));
    }
    return done;
  }

  private boolean countsAnew(Wish wish) {
    return connections.read(
        session -> {
          long[] last = {StoreSettings.LIMIT_ID.read(session)};
          return !wish.plan(rows.known(session), () -> ++last[0]).anew().isEmpty();
        });
  }

  private Optional<LimitPlan> applySimple(SqlSession session, Wish wish) throws SQLException {
    StoreSettings.keepLedgersOut(session);
    LimitPlan plan = plan(session, wish);
    if (!plan.anew().isEmpty()) {
      return Optional.empty();
    }
    apply(session, plan, new SeededCounters(Map.of(), List.of()));
    return Optional.of(plan);
  }

  private LimitPlan plan(SqlSession session, Wish wish) throws SQLException {
    // no ledger runs and nobody else changes limits: one look and one step serve all numbers
    long last = StoreSettings.LIMIT_ID.read(session);
    long[] next = {last};
    LimitPlan plan = wish.plan(rows.known(session), () -> ++next[0]);
    if (next[0] > last) {
      StoreSettings.LIMIT_ID.add(session, next[0] - last);
    }
    return plan;
  }

  private LimitPlan countAndApply(Wish wish, CounterSeed seed) {
    // one after the other: whoever comes second would have to start over
    counting.lock();
    try {
      for (int i = 0; i < TRIES; i++) {
        Optional<LimitPlan> done = countBeside(wish, seed);
        if (done.isPresent()) {
          return done.get();
        }
      }
      return connections.write(session -> countAlone(session, wish, seed));
    } finally {
      counting.unlock();
    }
  }

  private Optional<LimitPlan> countBeside(Wish wish, CounterSeed seed) {
    Start start = connections.write(session -> begin(session, wish));
    try {
      Recounting recounting = seed.recount(start.plan().anew(), start.plan().limits(), start.now());
      RecordCount.Run run = records.start(recounting);
      run.count();
      AtomicBoolean tried = new AtomicBoolean();
      return connections.write(
          session ->
              tried.getAndSet(true) || !isTrusted(session, start)
                  ? Optional.empty()
                  : Optional.of(finish(session, start.plan(), recounting, run)));
    } catch (RuntimeException | Error e) {
      abandon(e);
      throw e;
    }
  }

  private Start begin(SqlSession session, Wish wish) throws SQLException {
    StoreSettings.keepLedgersOut(session);
    Instant now = clock.now(session);
    journal.begin(session, now);
    return new Start(plan(session, wish), StoreSettings.RECORDS_REVISION.read(session), now);
  }

  private boolean isTrusted(SqlSession session, Start start) throws SQLException {
    StoreSettings.keepLedgersOut(session);
    return StoreSettings.LIMIT_REVISION.read(session) == start.plan().before()
        && StoreSettings.RECORDS_REVISION.read(session) == start.recordsRevision()
        && ChangeJournal.isOn(session);
  }

  private LimitPlan finish(
      SqlSession session, LimitPlan plan, Recounting recounting, RecordCount.Run run)
      throws SQLException {
    run.catchUp(session);
    apply(session, plan, recounting.finish(view(session, plan)));
    journal.end(session);
    return plan;
  }

  private LimitPlan countAlone(SqlSession session, Wish wish, CounterSeed seed)
      throws SQLException {
    StoreSettings.keepLedgersOut(session);
    LimitPlan plan = plan(session, wish);
    if (plan.anew().isEmpty()) {
      apply(session, plan, new SeededCounters(Map.of(), List.of()));
      journal.end(session);
      return plan;
    }
    Recounting recounting = seed.recount(plan.anew(), plan.limits(), clock.now(session));
    RecordCount.Run run = records.start(recounting);
    run.count(session);
    return finish(session, plan, recounting, run);
  }

  private SqlSnapshot view(SqlSession session, LimitPlan plan) throws SQLException {
    Instant now = clock.now(session);
    return new SqlSnapshot(
        session,
        now,
        plan.limits(),
        counters.of(session, plan.anew()),
        bases.of(session, plan.anew()),
        HoldRows.live(session, now));
  }

  private void abandon(Throwable failure) {
    try {
      connections.write(
          session -> {
            StoreSettings.keepLedgersOut(session);
            journal.end(session);
            return true;
          });
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void apply(SqlSession session, LimitPlan plan, SeededCounters seeded)
      throws SQLException {
    if (plan.isNothing()) {
      return;
    }
    StoreSettings.LIMIT_REVISION.next(session);
    counters.delete(session, plan.dropped());
    bases.delete(session, plan.dropped());
    counters.delete(session, plan.anew());
    StoredLimits.replace(session, plan.removed(), plan.written());
    Pipeline pipeline = new Pipeline(session);
    counters.write(pipeline, seeded.counters());
    holds.write(pipeline, seeded.holds());
    pipeline.run();
  }

  /** Replaces limits under their numbers, and lets every process know; counters stay. */
  public static void replace(SqlSession session, Collection<StoredLimit> limits)
      throws SQLException {
    if (!limits.isEmpty()) {
      StoredLimits.replace(session, limits.stream().map(StoredLimit::id).toList(), limits);
      StoreSettings.LIMIT_REVISION.next(session);
    }
  }
}
