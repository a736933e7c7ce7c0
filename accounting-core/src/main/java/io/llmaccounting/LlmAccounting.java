package io.llmaccounting;

import io.llmaccounting.admin.AccountingAdmin;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.internal.admin.UsageHistories;
import io.llmaccounting.internal.calls.LiveCall;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Timespan;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageQuery;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows what LLM calls used and cost, and lets no call go ahead that a limit has no room for. Safe
 * for use by many threads, virtual ones included; an application needs one.
 */
public final class LlmAccounting implements CallMeter, AutoCloseable {
  private final Engine engine;
  private final Limits limits;
  private final Directory directory;
  private final Function<TrackedCall, Receipt> tracker = this::record;

  LlmAccounting(LlmAccountingBuilder parts) {
    this.engine = new Engine(parts);
    this.limits = new Limits(engine.backend, engine.limits, engine.names, engine.trail);
    this.directory = new Directory(engine.backend.directory(), parts.clock);
    engine.start();
  }

  /** An accounting with every setting at its default. It owns {@code backend} and closes it. */
  public static LlmAccounting create(UsageBackend backend) {
    return builder(backend).build();
  }

  /** Starts an accounting with settings of its own. */
  public static LlmAccountingBuilder builder(UsageBackend backend) {
    Objects.requireNonNull(backend, "backend is required, was null");
    return new LlmAccountingBuilder(() -> backend);
  }

  /**
   * Starts an accounting that need not reach its store to start. {@link LlmAccountingBuilder#build}
   * opens the backend; where {@code opener} says UNAVAILABLE, the accounting begins as in an outage
   * and opens it once it can be reached. Until then no limits are known, so that calls are refused
   * unless {@link LlmAccountingBuilder#admitWhileLimitsAreUnknown} was called; with a spool, calls
   * that are recorded are kept there.
   *
   * @param opener for example {@code () -> PostgresBackend.connect(dataSource)}; called by one
   *     thread at a time, until it has returned a backend
   */
  public static LlmAccountingBuilder builder(Supplier<? extends UsageBackend> opener) {
    return new LlmAccountingBuilder(opener);
  }

  /** Starts the record of a call that was made without asking first. */
  public TrackedCall track() {
    return new TrackedCall(engine.settings, tracker);
  }

  /**
   * Records a finished value; what its attribution lacks is taken from the context, then from the
   * defaults.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   * @throws io.llmaccounting.usage.UsageConflictException if another call has the id or key
   * @throws io.llmaccounting.backend.BackendException if it could not be stored
   */
  @Override
  public Receipt track(Usage usage) {
    return track(() -> engine.recorder.withContext(usage), Given.ALL);
  }

  @Override
  public CompletionStage<Receipt> trackAsync(Usage usage) {
    return engine.commits.staged().shown(way -> track(way, usage));
  }

  @Override
  public void adapterFailed(Throwable failure) {
    engine.failures.throwOrContain(Failures.Consequence.ANSWER_NOT_READ, failure);
  }

  private Receipt record(TrackedCall call) {
    engine.meters.unread(call.takeUnread());
    return track(call::build, call.given());
  }

  private Receipt track(Supplier<Usage> usage, Given given) {
    Usage made = made(usage);
    if (made == null) {
      return Failures.notRecorded(newId(), null);
    }
    // without stages of its own: most calls are recorded this way
    Receipt stored = null;
    Throwable failure = null;
    try {
      stored = Stages.join(engine.recorder.track(engine.commits.waiting(), made, given));
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    return told(made, stored, failure);
  }

  private CompletableFuture<Receipt> track(Way way, Usage usage) {
    Usage made = made(() -> engine.recorder.withContext(usage));
    return made == null
        ? CompletableFuture.completedFuture(Failures.notRecorded(newId(), null))
        : way.handOver(Stages.of(() -> engine.recorder.track(way, made, Given.ALL)))
            .handle((stored, failure) -> told(made, stored, failure));
  }

  private @Nullable Usage made(Supplier<Usage> usage) {
    return engine.failures.guard(Failures.Consequence.NOT_MADE, usage, () -> null);
  }

  private Receipt told(Usage usage, @Nullable Receipt stored, @Nullable Throwable failure) {
    Receipt receipt = stored;
    if (failure != null) {
      engine.failures.throwOrContain(Failures.Consequence.NOT_STORED, Stages.reason(failure));
    } else {
      engine.failures.worked(Failures.Consequence.NOT_STORED);
    }
    if (receipt == null) {
      receipt = Failures.notRecorded(usage.id(), usage.cost().orElse(null));
    }
    engine.events.recorded(usage, receipt);
    return receipt;
  }

  /**
   * Records calls made elsewhere, many in one transaction, in bounded memory. Names are not
   * enforced. Recording the same calls again changes nothing.
   *
   * @throws IllegalArgumentException if one was made more than five minutes ahead of the clock,
   *     naming the field, its value and the rule; calls handed over before it may be stored
   * @throws io.llmaccounting.backend.BackendException if the store fails; what was handed over
   *     before may be stored, and repeating all of it is safe
   */
  public BulkReceipt trackAll(Iterator<Usage> usages) {
    return trackAll(usages, OldUsage.REFUSE);
  }

  /** Records calls as {@link #trackAll(Iterator)} does, and says what becomes of old ones. */
  public BulkReceipt trackAll(Iterator<Usage> usages, OldUsage old) {
    return Bulk.track(engine.recorder, usages, old);
  }

  /** Records the calls of a collection, as {@link #trackAll(Iterator)} does. */
  public BulkReceipt trackAll(Iterable<Usage> usages) {
    return trackAll(usages.iterator());
  }

  /**
   * Asks whether a call may go ahead and holds what it expects. Do it once for each logical call,
   * before the network is touched and outside of anything that retries.
   *
   * @throws QuotaExceededException if a limit has no room
   * @throws io.llmaccounting.backend.BackendException if the store cannot be reached
   */
  @Override
  public LlmCall begin(CallRequest request) {
    return engine.calls.begin(request);
  }

  @Override
  public CompletionStage<LlmCall> beginAsync(CallRequest request) {
    return engine.calls.beginAsync(request);
  }

  /**
   * Makes a call between {@link #begin} and its end: succeeded with what {@code answerOf} finds in
   * the result, failed with what the call throws.
   *
   * <p>Once the model has answered, the answer reaches the caller. Where its usage cannot be read
   * or stored, the error policy decides: with CONTINUE the answer is returned and the failure
   * contained, with FAIL it comes inside the exception.
   *
   * @throws QuotaExceededException if a limit has no room; the call is not made
   * @throws io.llmaccounting.backend.BackendException if the store cannot be reached; the call is
   *     not made
   * @throws AnswerNotRecordedException with the error policy FAIL, if the usage of the answer could
   *     not be read or stored
   */
  public <T, X extends Exception> T call(
      CallRequest request, ModelCall<T, X> call, Function<? super T, ModelAnswer> answerOf)
      throws X {
    return new Conversation<T>(engine.calls.begin(request), answerOf, engine.failures).hold(call);
  }

  /**
   * Makes a call that answers later, as {@link #call} does. The stage fails with what {@link #call}
   * would throw, also with a denial. Room is asked for on the calling thread, before this returns;
   * the end is recorded on the thread that completes the call.
   *
   * @param call starts the call; a stage that fails with a {@link
   *     java.util.concurrent.CancellationException} is recorded as cancelled
   */
  public <T> CompletionStage<T> callAsync(
      CallRequest request,
      Supplier<? extends CompletionStage<? extends T>> call,
      Function<? super T, ModelAnswer> answerOf) {
    LiveCall begun;
    try {
      begun = engine.calls.begin(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    return new Conversation<T>(begun, answerOf, engine.failures).holdAsync(call);
  }

  /** Starts a report over {@code span}; words like "this month" go by this accounting's clock. */
  public ReportRequest report(Timespan span) {
    return new ReportRequest(
        engine.backend.usage(), engine.expired, span.at(engine.settings.now()));
  }

  /**
   * What became known of a call after it was recorded, in order: better figures and corrected
   * costs. Empty where nothing became known, or where there is no record with this id.
   */
  public List<UsageAdjustment> adjustments(UUID id) {
    return engine.backend.usage().adjustments(Set.of(id)).getOrDefault(id, List.of());
  }

  /** The call of this id, with all that became known of it later; empty where there is none. */
  public Optional<UsageHistory> find(UUID id) {
    return UsageHistories.of(
            engine.backend.usage().find(id).stream().toList(), engine.backend.usage())
        .stream()
        .findFirst();
  }

  /** The last ten calls, newest first. */
  public List<RecordedUsage> tail() {
    return tail(UsageFilter.all(), 10);
  }

  /** The last {@code count} calls that {@code filter} selects, newest first, ties by id. */
  public List<RecordedUsage> tail(UsageFilter filter, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, was " + count);
    }
    engine.expired.book();
    return engine.backend.usage().latest(UsageQuery.latest(count).only(filter));
  }

  /**
   * A page of calls, newest first, ties by id, each with all that became known of it later.
   *
   * @throws io.llmaccounting.backend.BackendException if the store cannot be read
   */
  public List<UsageHistory> find(UsageQuery query) {
    engine.expired.book();
    return UsageHistories.of(engine.backend.usage().latest(query), engine.backend.usage());
  }

  /** A new id for a call made now, to be fixed before the first attempt to record it. */
  @Override
  public UUID newId() {
    return engine.settings.newId(engine.settings.now());
  }

  /** Says whether calls may go ahead, and holds room for them. */
  public QuotaService quotas() {
    return engine.quotas;
  }

  /** Defines limits. */
  public Limits limits() {
    return limits;
  }

  /** The projects and users that are known. */
  public Directory directory() {
    return directory;
  }

  /**
   * Keys by which callers are known.
   *
   * @throws UnsupportedOperationException if the backend is no {@link
   *     io.llmaccounting.backend.AccessBackend}
   */
  public AccessKeys access() {
    return new AccessKeys(engine.access.desk());
  }

  /**
   * Credentials of providers.
   *
   * @throws UnsupportedOperationException if the backend is no {@link
   *     io.llmaccounting.backend.AccessBackend}
   */
  public Credentials credentials() {
    return new Credentials(engine.access.desk());
  }

  /**
   * Whose the objects are that providers keep for callers.
   *
   * @throws UnsupportedOperationException if the backend is no {@link
   *     io.llmaccounting.backend.AccessBackend}
   */
  public OwnedObjects ownedObjects() {
    return new OwnedObjects(engine.access.desk());
  }

  /** The tasks of operators, which applications do not need. */
  public AccountingAdmin admin() {
    return engine.admin;
  }

  /** Writes, reads and proves the audit log. */
  public AuditTrail audit() {
    return engine.audit;
  }

  /** How many failures were kept from application calls, or happened in listeners. */
  public long containedFailures() {
    return engine.meters.of(Meters.Count.CONTAINED);
  }

  /** How this accounting fares: counts, what waits, and whether the store is reached. */
  public Health health() {
    return engine.health();
  }

  /**
   * Waits until everything that {@link LlmAccountingBuilder#buffered()} has accepted so far is
   * stored, or in the spool. Does nothing in durable recording.
   *
   * @throws io.llmaccounting.backend.BackendException of kind UNAVAILABLE if that takes longer than
   *     the timeout: what waits is kept and tried again; of kind CLOSED if the accounting was
   *     closed meanwhile and records were lost, which the error handler was told
   */
  public void flush() {
    engine.intake.flush();
  }

  /**
   * Stores what is under way and what waits in memory, delivers alerts that wait, and closes the
   * spool and the backend. What waits in the spool is booked after the next start. Closing again
   * does nothing.
   *
   * @throws UsageLostException if records that memory had accepted could not be stored in time and
   *     there is no spool; with the error policy CONTINUE only the error handler is told
   */
  @Override
  public void close() {
    engine.close();
  }
}
