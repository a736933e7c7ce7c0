package io.llmaccounting;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.internal.calls.BatchedRandom;
import io.llmaccounting.internal.ledger.Handoff;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ReportedCostPolicy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Collects the settings of an accounting; every one has a default. Confined to one thread. */
public final class LlmAccountingBuilder {
  private static final Duration MOST_REMEMBERED = Duration.ofMillis(5);

  final Supplier<? extends UsageBackend> backend;
  InstantSource clock = InstantSource.system();
  RandomGenerator random = new BatchedRandom(new SecureRandom());
  Attribution defaults = Attribution.NONE;
  @Nullable String actor;
  boolean enforceNames;
  ErrorPolicy errorPolicy = ErrorPolicy.FAIL;
  Consumer<RuntimeException> errorHandler = error -> {};
  final List<CallListener> listeners = new ArrayList<>();
  Pricing pricing = Pricing.NONE;
  ReportedCostPolicy reportedCosts = ReportedCostPolicy.PREFER_REPORTED;
  Duration timeout = Duration.ofSeconds(30);
  Duration staleness = Duration.ofSeconds(1);
  Duration holdTime = Duration.ofMinutes(10);
  @Nullable Long defaultInputTokens;
  @Nullable Long defaultOutputTokens;
  AuditSettings audit = AuditSettings.defaults();
  @Nullable Duration rememberedDenials;
  int deniedSubjects = 10_000;
  @Nullable Buffering buffering;
  @Nullable Spool spool;
  boolean spoolsAlways;
  boolean admitsUnknown;
  boolean endsOrderly = true;
  Executor executor = Handoff.common();
  private @Nullable Duration closeTimeout;

  LlmAccountingBuilder(Supplier<? extends UsageBackend> backend) {
    this.backend = Objects.requireNonNull(backend, "backend is required, was null");
  }

  /** The caller's clock; by default the system's. */
  public LlmAccountingBuilder clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /** Makes the random part of ids; by default a {@link SecureRandom} does. Must be thread-safe. */
  public LlmAccountingBuilder random(RandomGenerator random) {
    this.random = random;
    return this;
  }

  /** Fills what the attribution of a call lacks, in recording, checking and reserving alike. */
  public LlmAccountingBuilder defaults(Attribution defaults) {
    this.defaults = defaults;
    return this;
  }

  /**
   * Who does administrative acts with this accounting, such as saving a limit: their audit entries
   * say so. By default they name nobody.
   *
   * @param actor 1 to 256 characters, like any other name
   */
  public LlmAccountingBuilder actor(String actor) {
    this.actor = Objects.requireNonNull(actor, "actor is required, was null");
    return this;
  }

  /** Refuses projects and users that the directory does not know as active. */
  public LlmAccountingBuilder enforceNames() {
    this.enforceNames = true;
    return this;
  }

  /** What happens to the application's call when recording fails; by default FAIL. */
  public LlmAccountingBuilder onError(ErrorPolicy policy) {
    this.errorPolicy = policy;
    return this;
  }

  /** Lets calls go on when recording fails; {@code handler} is told every failure. */
  public LlmAccountingBuilder continueOnError(Consumer<RuntimeException> handler) {
    this.errorHandler = handler;
    return onError(ErrorPolicy.CONTINUE);
  }

  /**
   * Has {@code handler} told of every failure that no caller is told of: those that CONTINUE keeps
   * from callers, and under either policy those that happen later, in the background.
   *
   * <p>It is run on the thread of the call that failed, for stages on the executor's, for what
   * closing meets on the closing one, and for what happens in the background on a thread that only
   * the handler is run on: while it does not return there, it holds up nothing. At most a thousand
   * failures of the background wait for it; further ones are counted and logged only.
   */
  public LlmAccountingBuilder errorHandler(Consumer<RuntimeException> handler) {
    this.errorHandler = handler;
    return this;
  }

  /**
   * Completes the stages of methods that do not wait, and runs what the application adds to them;
   * by default {@link java.util.concurrent.ForkJoinPool#commonPool} does. The common pool takes
   * over what {@code executor} refuses, or would run on the spot; an executor that waits for room
   * holds up its own stages only. The accounting does not close it.
   */
  public LlmAccountingBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor is required, was null");
    return this;
  }

  /**
   * Adds a listener that is told how calls go, and if it is an {@link
   * io.llmaccounting.health.AccountingListener} also what concerns all of them. There may be any
   * number of listeners.
   */
  public LlmAccountingBuilder listener(CallListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener is required, was null"));
    return this;
  }

  /** Computes costs; by default, calls whose cost nobody states are unpriced. */
  public LlmAccountingBuilder pricing(Pricing pricing) {
    this.pricing = pricing;
    return this;
  }

  /**
   * Which cost of a call counts where its seller reported one and prices gave another; by default
   * the one that the seller reported. Both are kept. A record keeps the rule that was set when it
   * was made.
   */
  public LlmAccountingBuilder reportedCosts(ReportedCostPolicy policy) {
    this.reportedCosts = Objects.requireNonNull(policy, "policy is required, was null");
    return this;
  }

  /** How long storing may take, repeats included, before the caller is told; by default 30 s. */
  public LlmAccountingBuilder timeout(Duration timeout) {
    this.timeout = positive("timeout", timeout);
    return this;
  }

  /** How long {@link LlmAccounting#close} may take; by default as long as storing. */
  public LlmAccountingBuilder closeTimeout(Duration timeout) {
    this.closeTimeout = positive("closeTimeout", timeout);
    return this;
  }

  CallSettings settings() {
    return new CallSettings(clock, random, defaults, pricing, reportedCosts, holdTime, actor);
  }

  Duration closeTimeout() {
    return closeTimeout != null ? closeTimeout : timeout;
  }

  /**
   * Installs no shutdown hook. Without this a JVM that ends without {@link LlmAccounting#close}, by
   * {@code System.exit}, the end of {@code main} or SIGTERM, first stores what waits in memory, at
   * most for the time given for closing. This is for applications that close the accounting
   * themselves in all of these cases.
   */
  public LlmAccountingBuilder withoutShutdownHook() {
    this.endsOrderly = false;
    return this;
  }

  /** Lets records wait in memory, as {@link Buffering#DEFAULTS} says. */
  public LlmAccountingBuilder buffered() {
    return buffered(Buffering.DEFAULTS);
  }

  /**
   * Lets records wait in memory, to be stored many at a time, so that recording costs its caller
   * about a microsecond. Receipts say BUFFERED. A process that is killed loses what waits; without
   * this every record is durable when its receipt is returned.
   */
  public LlmAccountingBuilder buffered(Buffering settings) {
    this.buffering = settings;
    return this;
  }

  /**
   * Keeps records on the local disk while the store is away, durable, and brings them to the store
   * when it is back. The accounting owns the spool from {@link #build} on and closes it.
   */
  public LlmAccountingBuilder spool(Spool spool) {
    this.spool = spool;
    return this;
  }

  /** Writes records to the spool first, whether or not the store can be reached. */
  public LlmAccountingBuilder spoolAlways(Spool spool) {
    this.spoolsAlways = true;
    return spool(spool);
  }

  /**
   * Lets calls go ahead where the store has not been reached since the start, so that nobody knows
   * which limits there are. By default such calls are refused.
   */
  public LlmAccountingBuilder admitWhileLimitsAreUnknown() {
    this.admitsUnknown = true;
    return this;
  }

  /** How old limits and names may be when they are only read; by default 1 s. */
  public LlmAccountingBuilder staleness(Duration staleness) {
    this.staleness = positive("staleness", staleness);
    return this;
  }

  /** How long holds live unless renewed, 1 second to 7 days; by default 10 minutes. */
  public LlmAccountingBuilder holdTime(Duration holdTime) {
    if (holdTime.compareTo(Duration.ofSeconds(1)) < 0
        || holdTime.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException("holdTime must be from PT1S to P7D, was " + holdTime);
    }
    this.holdTime = holdTime;
    return this;
  }

  /**
   * What calls are expected to consume where their request does not say; by default what 95 of 100
   * recent calls of the model did not exceed, and 1,000 each before enough calls were seen.
   */
  public LlmAccountingBuilder expectedTokens(long input, long output) {
    if (input < 0 || output < 0) {
      throw new IllegalArgumentException(
          "expected tokens must not be negative, were %d and %d".formatted(input, output));
    }
    this.defaultInputTokens = input;
    this.defaultOutputTokens = output;
    return this;
  }

  /**
   * Answers a request that was just denied from memory for so long, at most 5 ms; by default this
   * is off. Such a denial may be that much out of date where another process has made room. It is
   * counted some time later, and once; only where the store has lost the answer of a commit, the at
   * most thousand counts in it may be counted a second time.
   */
  public LlmAccountingBuilder rememberDenials(Duration time) {
    if (positive("time", time).compareTo(MOST_REMEMBERED) > 0) {
      throw new IllegalArgumentException("time must be at most PT0.005S, was " + time);
    }
    this.rememberedDenials = time;
    return this;
  }

  /**
   * How many subjects of a limit are told apart in the counts of denials of one day (UTC), by each
   * process; further ones are counted as {@link io.llmaccounting.limit.DenialCount#OTHERS}. By
   * default 10,000, at least 1. If the audit log has entries for denials, it names every subject
   * all the same.
   */
  public LlmAccountingBuilder deniedSubjects(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1, was " + most);
    }
    this.deniedSubjects = most;
    return this;
  }

  /** Keeps the audit log elsewhere than in the backend; the caller closes it. */
  public LlmAccountingBuilder audit(AuditLog log) {
    return audit(audit.log(log));
  }

  /** How the audit log is kept; replaces all earlier settings of it. */
  public LlmAccountingBuilder audit(AuditSettings audit) {
    this.audit = Objects.requireNonNull(audit, "audit is required, was null");
    return this;
  }

  private static Duration positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
    return value;
  }

  /**
   * Builds the accounting. From now on it owns the backend and the spool, and closes them.
   *
   * @throws IllegalArgumentException if settings contradict one another
   * @throws BackendException if this was to open the backend and could not, for a reason that does
   *     not pass by itself; the spool is left open
   */
  public LlmAccounting build() {
    if (buffering != null && spoolsAlways) {
      throw new IllegalArgumentException(
          "records go either into memory or into the spool first: choose buffered or spoolAlways");
    }
    if (buffering != null && buffering.whenFull() == Buffering.WhenFull.SPOOL && spool == null) {
      throw new IllegalArgumentException(
          "whenFull must not be SPOOL without a spool: give one, or choose BLOCK or REJECT");
    }
    return new LlmAccounting(this);
  }
}
