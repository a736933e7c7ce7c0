package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldGone;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.HeldFigures;
import io.llmaccounting.internal.quota.OutgrownCost;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the hold of a call alive and large enough while the call runs. Safe for many threads. */
public final class LiveCall {
  private static final Logger LOG = LoggerFactory.getLogger(LiveCall.class);
  private static final Decision UNCHANGED = new Decision.Admitted(List.of(), List.of());
  private static final long LEAST_STEP = 256;

  private final CallSettings settings;
  private final CallRequest request;
  private final Expectation expected;
  private final Hold hold;
  private final Decision.Admitted admission;
  private final Instant startedAt;
  private final Settler settle;
  private final Events events;
  private final Failures failures;
  private final KnownFigures known;
  private final ReentrantLock lock = new ReentrantLock();
  private long heldInput;
  private long heldOutput;
  private volatile Expectation granted;
  private Instant renewAt;
  private boolean lost;
  private volatile boolean ended;

  /** Books the record of a call. */
  interface Settler {
    /** Books {@code usage}, of which {@code given} says which times the caller stated. */
    Receipt settle(Hold hold, Usage usage, Given given);
  }

  /**
   * What a live call works with.
   *
   * @param expected what is held for it
   * @param settle books its record
   * @param known tells what is known where nobody told
   */
  record Parts(
      CallSettings settings,
      CallRequest request,
      Expectation expected,
      Hold hold,
      Decision.Admitted admission,
      Instant startedAt,
      Settler settle,
      Events events,
      Failures failures,
      KnownFigures known) {}

  /** A call that was just admitted. */
  LiveCall(Parts parts) {
    this.settings = parts.settings();
    this.request = parts.request();
    this.expected = parts.expected();
    this.hold = parts.hold();
    this.admission = parts.admission();
    this.startedAt = parts.startedAt();
    this.settle = parts.settle();
    this.events = parts.events();
    this.failures = parts.failures();
    this.known = parts.known();
    this.granted = expected;
    // of a guess that a limit was asked for a part of only, nothing is taken for held
    boolean cut = admission.limits().stream().anyMatch(status -> expected.isCutFor(status.limit()));
    this.heldInput = cut && expected.guess().input() ? 0 : expected.inputTokens();
    this.heldOutput = cut && expected.guess().output() ? 0 : expected.outputTokens();
    this.renewAt = startedAt.plus(halfLife());
  }

  private Duration halfLife() {
    Duration chosen = request.holdFor();
    return (chosen == null ? settings.holdTime() : chosen).dividedBy(2);
  }

  /** The hold's id. */
  public UUID id() {
    return hold.id();
  }

  /** The request, defaults filled in. */
  public CallRequest request() {
    return request;
  }

  /** What was decided when it was admitted. */
  public Decision.Admitted admission() {
    return admission;
  }

  /** When it was admitted, by the caller's clock. */
  public Instant startedAt() {
    return startedAt;
  }

  /** How long it runs already. */
  public Duration elapsed() {
    Duration elapsed = Duration.between(startedAt, settings.now());
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }

  /**
   * Renews the hold if it is time, and grows it if the answer has outgrown it, by half of what it
   * has so far, at least 256; where there is no room for that, to what it has so far.
   */
  public Decision progress(TokenUsage soFar) {
    lock.lock();
    try {
      return failures.guard(Failures.Consequence.NOT_GROWN, () -> keepUp(soFar), () -> UNCHANGED);
    } finally {
      lock.unlock();
    }
  }

  private Decision keepUp(TokenUsage soFar) {
    Runnable renewal = renewing();
    if (renewal != null) {
      renewal.run();
    }
    boolean fits = soFar.input() <= heldInput && soFar.output() <= heldOutput;
    if (fits || ended || lost) {
      return UNCHANGED;
    }
    Grown grown;
    try {
      grown = hold.grow(sizes(soFar));
      failIfBlind(grown.decision());
    } catch (HoldGone e) {
      lose(e);
      return UNCHANGED;
    }
    Expectation more = grown.granted();
    if (more != null) {
      granted = more;
      heldInput = more.inputTokens();
      heldOutput = more.outputTokens();
    }
    return grown.decision();
  }

  // with room to go on for a while, and what is needed already
  private List<CallRequest> sizes(TokenUsage soFar) {
    long input = Math.max(heldInput, soFar.input());
    long output = Math.max(heldOutput, soFar.output());
    CallRequest least = sized(input, output);
    if (output == heldOutput) {
      return List.of(least);
    }
    long comfortable = output + Math.max(LEAST_STEP, output / 2);
    return List.of(sized(input, Math.min(TokenUsage.MAX_PART, comfortable)), least);
  }

  private CallRequest sized(long input, long output) {
    CallRequest sized = request.inputTokens(input).maxOutputTokens(output);
    // what a cost was stated for is outgrown, and so is the cost
    return request.cost() == null
        ? sized
        : sized.cost(OutgrownCost.of(settings.pricing(), sized, expected, settings.now()));
  }

  // a refusal because nobody can tell is a failure of accounting, which CONTINUE keeps from the
  // call
  private void failIfBlind(Decision decision) {
    if (decision instanceof Decision.Denied denied
        && !failures.areThrown()
        && denied.exceeded().stream().allMatch(one -> one.reason() == Exceeded.Reason.OUTAGE)) {
      throw new BackendException(BackendException.Kind.UNAVAILABLE, denied.toString());
    }
  }

  /**
   * Begins to renew the hold once half of its time is over; what is returned ends it, and is null
   * where nothing is to be done. Waits for nobody: a call that is just growing renews its hold.
   *
   * @throws BackendException if nothing can be booked any more
   */
  @Nullable Runnable renewing() {
    if (!lock.tryLock()) {
      return null;
    }
    try {
      if (ended || lost || settings.now().isBefore(renewAt)) {
        return null;
      }
      Supplier<Instant> renewal = hold.renewing();
      return () -> renewed(renewal);
    } catch (BackendException e) {
      renewLater(e);
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void renewed(Supplier<Instant> renewal) {
    try {
      Instant unused = renewal.get();
      lock.lock();
      try {
        renewAt = settings.now().plus(halfLife());
      } finally {
        lock.unlock();
      }
    } catch (HoldGone e) {
      lose(e);
    } catch (BackendException e) {
      renewLater(e);
    }
  }

  private void renewLater(BackendException error) {
    if (!Breaker.isOutage(error)) {
      throw error;
    }
    LOG.debug("hold of call {} is renewed later: the store is away", id(), error);
  }

  private void lose(HoldGone reason) {
    lock.lock();
    try {
      if (lost || ended) {
        return;
      }
      lost = true;
    } finally {
      lock.unlock();
    }
    LOG.warn("call {} lost its hold and goes on without: {}", id(), reason.getMessage());
  }

  /** Tokens as they were told, and those that the text since is likely to be. */
  public TokenUsage withText(SoFar seen) {
    return known.withText(seen, heldFigures());
  }

  /** {@code usage} with what is known where nobody told its tokens. */
  public Usage completed(Usage usage, SoFar seen) {
    return known.completed(usage, seen, heldFigures());
  }

  private HeldFigures heldFigures() {
    return HeldFigures.of(granted, admission.limits());
  }

  /** Learns from a complete answer how much text a token is. */
  public void learn(Usage usage, SoFar seen) {
    known.learn(usage, seen);
  }

  /** What {@code build} makes; where that fails and calls go on, what {@code instead} makes. */
  public Usage record(Supplier<Usage> build, Supplier<Usage> instead) {
    return failures.guard(Failures.Consequence.END_NOT_STORED, build, instead);
  }

  /** Books the record, of which {@code given} says which times the caller stated. */
  public Receipt settle(Usage usage, Given given) {
    ended = true;
    return settle.settle(hold, usage, given);
  }

  /** Stores the record of a call that is closed; what fails is contained, whatever the policy. */
  public void closing(Supplier<Receipt> store) {
    try {
      Receipt unused = store.get();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (RuntimeException e) {
      failures.contain(Failures.ofSettle(e), e);
    } catch (Error e) {
      failures.contain(
          Failures.ofSettle(e), new IllegalStateException("accounting met an error: " + e, e));
    }
  }

  /** True once its end was told. */
  public boolean isEnded() {
    return ended;
  }

  /** What was told of the call breaks a rule and is not recorded; that there was a call is. */
  public void leftOut(IllegalArgumentException reason) {
    LOG.warn("what was told of call {} is not recorded: {}", id(), reason.getMessage());
  }

  /** Counts keys of an answer that were not understood. */
  public void unread(List<String> keys) {
    events.unread(keys);
  }

  /** Tells listeners that nobody said how it ended. */
  public void unfinished(Usage usage) {
    LOG.warn(
        "call {} of {} was closed without an end; its hold is given back and its tokens are {}",
        usage.id(),
        usage.model(),
        usage.source());
    events.tell(listener -> listener.unfinished(usage));
  }
}
