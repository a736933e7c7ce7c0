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

  /** The caller's clock; without it the system's. */
  public LlmAccountingBuilder clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /** Makes the random part of ids; without it a {@link SecureRandom}. Must be thread-safe. */
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
   * say so. Without it they name nobody.
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

  /** What happens to the application's call when recording fails; without it FAIL. */
  public LlmAccountingBuilder onError(ErrorPolicy policy) {
    this.errorPolicy = policy;
    return this;
  }

  /** Calls go on when recording fails, and {@code handler} is told every failure. */
  public LlmAccountingBuilder continueOnError(Consumer<RuntimeException> handler) {
    this.errorHandler = handler;
    return onError(ErrorPolicy.CONTINUE);
  }

  /**
   * Is told every failure that no caller is: those that CONTINUE keeps from callers, and under
   * either policy those that come later, in the background.
   */
  public LlmAccountingBuilder errorHandler(Consumer<RuntimeException> handler) {
    this.errorHandler = handler;
    return this;
  }

  /**
   * Completes the stages of methods that do not wait, and runs what the application adds to them;
   * without it {@link java.util.concurrent.ForkJoinPool#commonPool}. What it refuses, or runs on
   * the spot, the common pool does; one that waits for room holds up its own stages only. It is not
   * closed.
   */
  public LlmAccountingBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor is required, was null");
    return this;
  }

  /**
   * Is told how calls go, and if it is an {@link io.llmaccounting.health.AccountingListener} also
   * what concerns all of them; any number of them.
   */
  public LlmAccountingBuilder listener(CallListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener is required, was null"));
    return this;
  }

  /** Computes costs; without it calls whose cost nobody states are unpriced. */
  public LlmAccountingBuilder pricing(Pricing pricing) {
    this.pricing = pricing;
    return this;
  }

  /**
   * Which cost of a call counts where its seller reported one and prices gave another; what the
   * seller reported, without this. Both are kept. What was recorded keeps the rule of its time.
   */
  public LlmAccountingBuilder reportedCosts(ReportedCostPolicy policy) {
    this.reportedCosts = Objects.requireNonNull(policy, "policy is required, was null");
    return this;
  }

  /** How long storing may take, repeats included, before the caller is told; 30 s without it. */
  public LlmAccountingBuilder timeout(Duration timeout) {
    this.timeout = positive("timeout", timeout);
    return this;
  }

  /** How long {@link LlmAccounting#close} may take; without it as long as storing. */
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
   * most for the time given for closing. For applications that close the accounting themselves on
   * all of these ways.
   */
  public LlmAccountingBuilder withoutShutdownHook() {
    this.endsOrderly = false;
    return this;
  }

  /** Records wait in memory, as {@link Buffering#DEFAULTS} says. */
  public LlmAccountingBuilder buffered() {
    return buffered(Buffering.DEFAULTS);
  }

  /**
   * Records wait in memory and are stored many at a time, so that recording costs its caller about
   * a microsecond. Receipts say BUFFERED. A process that is killed loses what waits; without this
   * every record is durable when its receipt is returned.
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

  /** Records go to the spool first, whether or not the store can be reached. */
  public LlmAccountingBuilder spoolAlways(Spool spool) {
    this.spoolsAlways = true;
    return spool(spool);
  }

  /**
   * Lets calls go ahead where the store has not been reached since the start, so that nobody knows
   * which limits there are. Without it they are refused.
   */
  public LlmAccountingBuilder admitWhileLimitsAreUnknown() {
    this.admitsUnknown = true;
    return this;
  }

  /** How old limits and names may be when they are only read; 1 s without it. */
  public LlmAccountingBuilder staleness(Duration staleness) {
    this.staleness = positive("staleness", staleness);
    return this;
  }

  /** How long holds live unless renewed, 1 second to 7 days; 10 minutes without it. */
  public LlmAccountingBuilder holdTime(Duration holdTime) {
    if (holdTime.compareTo(Duration.ofSeconds(1)) < 0
        || holdTime.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException("holdTime must be from PT1S to P7D, was " + holdTime);
    }
    this.holdTime = holdTime;
    return this;
  }

  /**
   * What calls are expected to consume where their request does not say; without it what 95 of 100
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
   * Answers a request that was just denied from memory for so long, at most 5 ms; off without it.
   * Such a denial may be that much out of date where another process has made room.
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
   * process; further ones are counted as {@link io.llmaccounting.limit.DenialCount#OTHERS}. 10,000
   * without it, at least 1. Who was denied is in the audit log all the same, if that is kept.
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

  /** How the audit log is kept; replaces what was said of it before. */
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
   * The accounting. It owns the backend, and the spool, from now on and closes them.
   *
   * @throws IllegalArgumentException if settings contradict one another
   * @throws BackendException if the backend was to be opened here and cannot be, for a reason that
   *     does not pass by itself; the spool is left open
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
