package io.llmaccounting;

import io.llmaccounting.admin.AccountingAdmin;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.internal.access.AccessDesk;
import io.llmaccounting.internal.access.LazyDesk;
import io.llmaccounting.internal.access.Secrets;
import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.cache.KnownNames;
import io.llmaccounting.internal.calls.AlertDelivery;
import io.llmaccounting.internal.calls.CallDesk;
import io.llmaccounting.internal.calls.CallRequests;
import io.llmaccounting.internal.calls.Chores;
import io.llmaccounting.internal.calls.CounterReader;
import io.llmaccounting.internal.calls.DenialMemory;
import io.llmaccounting.internal.calls.Events;
import io.llmaccounting.internal.calls.ExpiredHolds;
import io.llmaccounting.internal.calls.LeaseDesk;
import io.llmaccounting.internal.calls.LeaseRenewals;
import io.llmaccounting.internal.calls.Listeners;
import io.llmaccounting.internal.calls.NameRule;
import io.llmaccounting.internal.calls.PastCalls;
import io.llmaccounting.internal.calls.QuotaParts;
import io.llmaccounting.internal.calls.Quotas;
import io.llmaccounting.internal.calls.RecentDenials;
import io.llmaccounting.internal.calls.Recorder;
import io.llmaccounting.internal.calls.UnfinishedCalls;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.LeaseClock;
import io.llmaccounting.internal.ledger.AfterCommit;
import io.llmaccounting.internal.ledger.Callers;
import io.llmaccounting.internal.ledger.Expiry;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.Handoff;
import io.llmaccounting.internal.ledger.OwnWork;
import io.llmaccounting.internal.ledger.Pause;
import io.llmaccounting.internal.ledger.Refusals;
import io.llmaccounting.internal.ledger.Transactions;
import io.llmaccounting.internal.outage.LateBackend;
import io.llmaccounting.internal.outage.OutageAdmission;
import io.llmaccounting.internal.outage.OutageAdmission.Admits;
import io.llmaccounting.internal.quota.Expectations;
import io.llmaccounting.internal.quota.TokenEstimates;
import io.llmaccounting.internal.recording.Backoff;
import io.llmaccounting.internal.recording.BufferedIntake;
import io.llmaccounting.internal.recording.DurableIntake;
import io.llmaccounting.internal.recording.FlushReport;
import io.llmaccounting.internal.recording.Flusher;
import io.llmaccounting.internal.recording.Intake;
import io.llmaccounting.internal.recording.UsageBuffer;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.internal.spool.OpenSpending;
import io.llmaccounting.internal.spool.OpenUsage;
import io.llmaccounting.internal.spool.Overflow;
import io.llmaccounting.internal.spool.OwnSpool;
import io.llmaccounting.internal.spool.ReplayRound;
import io.llmaccounting.internal.spool.ReplayedCalls;
import io.llmaccounting.internal.spool.Replayer;
import io.llmaccounting.internal.spool.SpoolGauge;
import io.llmaccounting.internal.spool.SpoolWriter;
import io.llmaccounting.internal.spool.Spooling;
import io.llmaccounting.recording.Buffering;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of an accounting, put together, started and stopped in their order. */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(LlmAccounting.class);
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(1);

  final UsageBackend backend;
  final CallSettings settings;
  final Meters meters;
  final Failures failures;
  private final Listeners listeners;
  private final Chores chores;
  // a store that hangs while it is asked keeps no hold from being renewed
  private final Chores lookUps;
  private final AlertDelivery alerts;
  final Events events;
  final Breaker breaker;
  final CurrentLimits limits;
  final NameRule names;
  private final Refusals refusals;
  private final OwnWork own = new OwnWork();
  private final Handoff handoff;
  private final Balances balances;
  final GroupCommit commits;
  final ExpiredHolds expired;
  private final Overflow overflow;
  private final DurableIntake durable;
  final Intake intake;
  final Recorder recorder;
  final Quotas quotas;
  private final LeaseRenewals leases;
  final CallDesk calls;
  final LazyDesk access;
  final AccountingAdmin admin;
  final AuditLog log;
  final AuditTrail audit;
  final AdminTrail trail;
  private final Duration closeTimeout;
  private final boolean storesAtExit;
  private final CloseOnce closing;
  private volatile @Nullable EndOfProcess atExit;

  Engine(LlmAccountingBuilder given) {
    this.backend = LateBackend.open(given.backend);
    this.closeTimeout = given.closeTimeout();
    this.storesAtExit = given.endsOrderly && given.buffering != null;
    this.settings = given.settings();
    this.meters = new Meters(given.clock);
    this.failures = new Failures(given.errorPolicy, given.errorHandler, meters, given.clock);
    this.log = given.audit.logOr(backend.audit());
    this.audit = new AuditTrail(given.audit, log, settings, failures, given.timeout);
    this.trail = audit.acts();
    this.listeners = new Listeners(given.listeners, failures);
    this.closing = new CloseOnce(() -> failures.news().isHere() || listeners.areHere());
    this.chores = new Chores(failures, "llm-accounting-chores");
    this.lookUps = new Chores(failures, "llm-accounting-lookups");
    this.alerts = new AlertDelivery(listeners, lookUps, backend.ledger(), failures);
    this.events = new Events(listeners, meters, audit.denials());
    this.breaker =
        new Breaker(given.clock, Ticker.SYSTEM, given.random, given.timeout, this::storeChanged);
    this.limits = new CurrentLimits(backend.limits(), given.clock, given.staleness);
    this.names = names(given);
    this.refusals = new Refusals(given.deniedSubjects);
    this.handoff = handoff(given);
    this.balances = new Balances(new LeaseClock(System::nanoTime, given.clock), settings::newId);
    Expiry expiry = ExpiredHolds.expiry(settings, events, failures);
    this.commits = commits(given, expiry);
    this.expired = new ExpiredHolds(backend.ledger(), commits, expiry, breaker, failures);
    this.overflow = given.spool == null ? Overflow.NONE : spooling(given, given.spool);
    this.durable = new DurableIntake(commits, breaker, meters, overflow, given.spoolsAlways);
    this.intake = intake(given);
    TokenEstimates learned = new TokenEstimates(new PastCalls(backend.usage(), lookUps));
    this.recorder = new Recorder(settings, intake, learned, names);
    this.quotas = quotas(given, learned);
    UnfinishedCalls unfinished = new UnfinishedCalls(commits, limits, expiry, meters);
    this.leases = new LeaseRenewals(balances, commits, chores, unfinished);
    // in an outage they are spent only where a spool keeps the records
    LeaseDesk leasing = quotas.leases(leases, limits, () -> overflow.keeps() || !breaker.isOpen());
    this.calls = new CallDesk(settings, quotas, leasing, events, failures);
    this.access = access(given);
    this.admin = new AccountingAdmin(adminParts());
  }

  private NameRule names(LlmAccountingBuilder given) {
    return given.enforceNames
        ? NameRule.enforcing(
            new KnownNames(backend.directory(), given.clock, given.staleness, breaker))
        : NameRule.ANY;
  }

  private Handoff handoff(LlmAccountingBuilder given) {
    return new Handoff(
        given.executor,
        error -> failures.containElsewhere(Failures.Consequence.NOT_HANDED_OVER, error),
        () -> failures.worked(Failures.Consequence.NOT_HANDED_OVER));
  }

  private LazyDesk access(LlmAccountingBuilder given) {
    Secrets secrets = new Secrets(new SecureRandom());
    return new LazyDesk(
        new AccessDesk.Parts(
            backend, settings, given.staleness, breaker, commits, names, lookUps, trail, secrets));
  }

  private AdminParts adminParts() {
    return new AdminParts(
        backend,
        settings,
        commits,
        limits,
        expired,
        intake,
        log,
        trail,
        audit::erasedEntries,
        audit::retain);
  }

  private GroupCommit commits(LlmAccountingBuilder given, Expiry expiry) {
    // what the ledger does not take in time still has to reach the spool in time
    Duration storing = given.spool == null ? given.timeout : spoolShare(given).multipliedBy(3);
    return new GroupCommit(
        new Transactions(backend.ledger(), limits, refusals, balances),
        new AfterCommit(meters, alerts::fired, expiry, failures::brokeOff),
        breaker,
        new Callers(storing, own, handoff),
        () -> new Pause(given.random, LockSupport::parkNanos));
  }

  private static Duration spoolShare(LlmAccountingBuilder given) {
    return given.timeout.dividedBy(4);
  }

  private Overflow spooling(LlmAccountingBuilder given, Spool opened) {
    Spool spool = new OwnSpool(opened);
    SpoolWriter writer =
        new SpoolWriter(spool, spoolShare(given), meters, Ticker.SYSTEM, failures::brokeOff);
    OpenSpending spending = new OpenSpending(spool, writer, breaker, given.clock);
    ReplayedCalls sent = new ReplayedCalls(spool, failures, meters);
    Replayer replayer =
        new Replayer(
            new ReplayRound(spool, commits, spending, balances, sent),
            breaker,
            failures,
            Ticker.SYSTEM);
    return new Spooling(
        writer,
        replayer,
        new OpenUsage(spending, limits),
        new SpoolGauge(spool, writer, sent, given.clock, failures),
        given.clock);
  }

  private Flusher flusher(LlmAccountingBuilder given, Buffering buffering) {
    return new Flusher(
        new UsageBuffer(buffering, Ticker.SYSTEM),
        commits,
        overflow,
        new Backoff(given.random, Ticker.SYSTEM),
        new FlushReport(failures, meters));
  }

  private Intake intake(LlmAccountingBuilder given) {
    Buffering buffering = given.buffering;
    return buffering == null
        ? durable
        : new BufferedIntake(
            flusher(given, buffering), buffering.whenFull(), given.timeout, meters, durable);
  }

  private Quotas quotas(LlmAccountingBuilder given, TokenEstimates learned) {
    Expectations expectations =
        new Expectations(
            given.defaultInputTokens, given.defaultOutputTokens, learned, given.pricing);
    boolean continues = given.errorPolicy == ErrorPolicy.CONTINUE || given.buffering != null;
    Set<Admits> admits = Admits.of(given.admitsUnknown, continues);
    OutageAdmission outage =
        new OutageAdmission(limits, breaker, overflow.openRoom(), given.clock, admits);
    return new Quotas(
        new QuotaParts(
            new CallRequests(settings, expectations, names),
            new CounterReader(backend.ledger(), limits, breaker, balances),
            commits,
            recorder,
            events,
            given.rememberedDenials == null
                ? DenialMemory.NONE
                : new RecentDenials(given.rememberedDenials, refusals, limits, breaker),
            outage,
            failures));
  }

  void start() {
    if (backend instanceof LateBackend late) {
      breaker.isAway(late.failure());
    }
    calls.start(chores);
    audit.denials().start();
    alerts.start();
    overflow.start();
    if (storesAtExit) {
      atExit = EndOfProcess.before(this::storeWhatWaits, failures::brokeOffElsewhere);
    }
  }

  // the process ends and nobody has closed this
  private void storeWhatWaits() {
    try {
      intake.end(closeTimeout);
    } catch (RuntimeException e) {
      failures.containElsewhere(Failures.Consequence.NOT_FLUSHED, e);
    }
    // the error handler hears of what was lost, unless it takes too long
    failures.news().await(LAST_MOMENTS);
  }

  // must not block: the breaker is locked meanwhile
  private void storeChanged(Health.Store store) {
    if (store.breaker() == Health.Breaker.OPEN) {
      commits.wake();
      LOG.error(
          "the store cannot be reached, {}; limits decide by their outage policy until it answers:"
              + " {}",
          overflow.keeps()
              ? "calls are recorded in the spool"
              : "calls to record wait for it or fail",
          store.reason());
    } else {
      LOG.info("the store answers again");
      overflow.wake();
    }
    listeners.tellLater(listener -> listener.storeChanged(store));
  }

  Health health() {
    return new Health(
        settings.clock().instant().truncatedTo(ChronoUnit.MICROS),
        breaker.state(),
        meters.counts(),
        intake.buffer(),
        intake.spool(),
        meters.batchSizes(),
        meters.commitMicros(),
        calls.underWay(),
        meters.unread(),
        meters.lastFailure());
  }

  /** Stores what is under way, at most for the time given for closing, then closes the backend. */
  void close() {
    closing.run(this::closeNow, closeTimeout);
  }

  private void closeNow() {
    try {
      closeInOrder(System.nanoTime() + closeTimeout.toNanos());
    } finally {
      EndOfProcess waiting = atExit;
      if (waiting != null) {
        waiting.cancel();
        atExit = null;
      }
    }
  }

  private void closeInOrder(long end) {
    // each is closed in its turn, whatever became of those before
    Closing steps = new Closing();
    steps.step(() -> chores.close(LAST_MOMENTS));
    steps.step(() -> lookUps.close(LAST_MOMENTS));
    steps.step(() -> access.close(LAST_MOMENTS));
    steps.step(() -> own.endReads(LAST_MOMENTS));
    steps.step(() -> calls.close(LAST_MOMENTS));
    steps.step(() -> drain(end));
    steps.step(() -> leases.close(LAST_MOMENTS));
    steps.step(
        () -> {
          if (!commits.close(left(end))) {
            LOG.warn("the store did not answer within {} of closing", closeTimeout);
          }
        });
    if (overflow.keeps()) {
      steps.step(() -> durable.awaitOverflow(left(end)));
      steps.step(() -> own.endWrites(left(end)));
    }
    steps.step(() -> overflow.close(left(end)));
    steps.step(() -> calls.tellUncounted(LAST_MOMENTS));
    steps.step(audit.denials()::close);
    steps.step(listeners::close);
    steps.step(failures::close);
    steps.step(() -> alerts.close(LAST_MOMENTS));
    steps.step(own::close);
    steps.step(handoff::close);
    steps.step(backend::close);
    steps.end();
  }

  private void drain(long end) {
    overflow.stopReplay(LAST_MOMENTS);
    try {
      intake.close(left(end));
    } catch (UsageLostException e) {
      failures.contain(Failures.Consequence.NOT_FLUSHED, e);
      if (failures.areThrown()) {
        throw e;
      }
    }
  }

  private static Duration left(long end) {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    return left.compareTo(LAST_MOMENTS) < 0 ? LAST_MOMENTS : left;
  }
}
