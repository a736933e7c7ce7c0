package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.cache.KnownNames;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.GrowOperation;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.ReserveOperation;
import io.llmaccounting.internal.outage.Breaker;
import io.llmaccounting.internal.outage.OutageAdmission;
import io.llmaccounting.internal.quota.Admission;
import io.llmaccounting.internal.quota.Counter;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Expectations;
import io.llmaccounting.internal.quota.Leaving;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Verdicts;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.OpenHold;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Timespan;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers from the ledger. Safe for use by many threads. */
public final class Quotas implements QuotaService {
  private final CallSettings settings;
  private final Ledger ledger;
  private final CurrentLimits limits;
  private final Combiner combiner;
  private final Expectations expectations;
  private final Recorder recorder;
  private final Events events;
  private final @Nullable KnownNames names;
  private final @Nullable DenialCache denials;
  private final Breaker breaker;
  private final OutageAdmission outage;

  /**
   * What a quota service works with.
   *
   * @param names null where names are not enforced
   * @param denials null where no denial is answered from memory
   */
  public record Parts(
      CallSettings settings,
      Ledger ledger,
      CurrentLimits limits,
      Combiner combiner,
      Expectations expectations,
      Recorder recorder,
      Events events,
      @Nullable KnownNames names,
      @Nullable DenialCache denials,
      Breaker breaker,
      OutageAdmission outage) {}

  /** Answers with these parts. */
  public Quotas(Parts parts) {
    this.settings = parts.settings();
    this.ledger = parts.ledger();
    this.limits = parts.limits();
    this.combiner = parts.combiner();
    this.expectations = parts.expectations();
    this.recorder = parts.recorder();
    this.events = parts.events();
    this.names = parts.names();
    this.denials = parts.denials();
    this.breaker = parts.breaker();
    this.outage = parts.outage();
  }

  @Override
  public Decision check(CallRequest request) {
    CallRequest call = completed(request);
    try {
      return decide(call, watching(fresh(), call));
    } catch (BackendException e) {
      if (!Breaker.isOutage(e)) {
        throw e;
      }
      return outage.check(holdRequest(settings.newId(settings.now()), call), e);
    }
  }

  private LimitIndex fresh() {
    return breaker.read(limits::fresh);
  }

  private Decision decide(CallRequest call, List<Watch> watches) {
    if (watches.isEmpty()) {
      return new Decision.Admitted(List.of(), List.of());
    }
    LedgerView view = peek(watches);
    return Admission.decide(
        watches, counters(watches, view), expectations.of(call, settings.now()), null, view.now());
  }

  @Override
  public Reservation reserve(CallRequest request) {
    return reserve(holdRequest(settings.newId(settings.now()), completed(request)));
  }

  /** Asks for a hold that is completed already. */
  Reservation reserve(HoldRequest request) {
    Reservation answer = answer(request);
    tellIfDenied(request, answer.decision());
    return answer;
  }

  private Decision tellIfDenied(HoldRequest request, Decision decision) {
    if (decision instanceof Decision.Denied denied) {
      events.denied(request.call(), denied);
    }
    return decision;
  }

  /**
   * Asks for more room for a call under way.
   *
   * @param held what it holds already, null where that is not known
   */
  Decision grow(HoldRequest total, @Nullable Expectation held) {
    try {
      return tellIfDenied(total, combiner.book(new GrowOperation(total)));
    } catch (BackendException e) {
      if (!Breaker.isOutage(e)) {
        throw e;
      }
      return tellIfDenied(total, outage.grow(total, held, e));
    }
  }

  /** The same for a call that the ledger holds nothing for. */
  Decision growBlindly(HoldRequest total, Expectation held) {
    return tellIfDenied(total, outage.grow(total, held, breaker.refusal()));
  }

  private Reservation answer(HoldRequest request) {
    if (denials == null || breaker.isOpen()) {
      return ask(request);
    }
    LimitIndex index = limits.fresh();
    Decision.Denied known = denials.answer(index, request);
    if (known != null) {
      return new Reservation(known, null);
    }
    long asked = denials.generation();
    Reservation answer = ask(request);
    if (answer.decision() instanceof Decision.Denied denied) {
      denials.remember(index, request, denied, asked);
    }
    return answer;
  }

  private Reservation ask(HoldRequest request) {
    ReserveOperation operation = new ReserveOperation(request);
    try {
      ReserveOperation.Outcome outcome = combiner.book(operation);
      return outcome.hold() == null
          ? new Reservation(outcome.decision(), null)
          : new Reservation(
              outcome.decision(),
              new HoldHandle(request.id(), request.expected(), combiner, recorder, this));
    } catch (BackendException e) {
      if (!Breaker.isOutage(e)) {
        throw e;
      }
      return askBlindly(request, operation.wasAttempted(), e);
    }
  }

  private Reservation askBlindly(HoldRequest request, boolean mayBeHeld, BackendException e) {
    Decision decision = outage.reserve(request, e);
    if (!decision.isAdmitted()) {
      return new Reservation(decision, null);
    }
    BlindHold.Parts parts =
        new BlindHold.Parts(
            request.id(), mayBeHeld, request.livesMicros(), outage, recorder, this, settings);
    return new Reservation(decision, new BlindHold(parts, request.expected()));
  }

  /** A request for a hold: completed by defaults, estimated and priced. */
  HoldRequest holdRequest(UUID id, CallRequest call) {
    Duration lives = Objects.requireNonNullElse(call.holdFor(), settings.holdTime());
    return new HoldRequest(
        id, call, expectations.of(call, settings.now()), lives.toNanos() / 1_000);
  }

  /** Something was given back: no denial is answered from memory any more. */
  void roomMayBeFree() {
    if (denials != null) {
      denials.forget();
    }
  }

  /** Counts the denials that were answered from memory. */
  void countDenials() {
    if (denials != null) {
      denials.count(combiner);
    }
  }

  @Override
  public HeldCall hold(UUID id) {
    return new HoldHandle(id, null, combiner, recorder, this);
  }

  @Override
  public List<LimitStatus> status(CallRequest request) {
    CallRequest call = completed(request);
    List<Watch> watches = watching(fresh(), call);
    return watches.isEmpty()
        ? List.of()
        : Admission.statuses(watches, counters(watches, peek(watches)));
  }

  @Override
  public Explanation explain(CallRequest request) {
    CallRequest call = completed(request);
    LimitIndex index = fresh();
    List<Watch> watches = watching(index, call);
    Function<CounterKey, Counter> counters =
        watches.isEmpty() ? key -> null : counters(watches, peek(watches));
    return new Explanation(decide(call, watches), Verdicts.of(index, call, watches, counters));
  }

  @Override
  public List<OpenHold> openHolds() {
    return ledger.holds().stream()
        .map(
            hold ->
                new OpenHold(
                    hold.id(),
                    hold.model(),
                    hold.provider(),
                    hold.attribution(),
                    hold.admittedAt(),
                    hold.expiresAt()))
        .toList();
  }

  @Override
  public List<DenialCount> denials(Timespan span) {
    return ledger.denials(span.at(settings.now()));
  }

  /** The request with defaults filled in. */
  CallRequest withDefaults(CallRequest request) {
    Attribution completed = request.attribution().orElse(settings.defaults());
    return completed.equals(request.attribution()) ? request : request.attribution(completed);
  }

  /** The request with defaults filled in, its names checked. */
  CallRequest completed(CallRequest request) {
    CallRequest call = withDefaults(request);
    if (names != null) {
      names.require(call.attribution());
    }
    return call;
  }

  private static List<Watch> watching(LimitIndex index, CallRequest call) {
    return index.watching(call.model(), call.provider(), call.attribution());
  }

  private LedgerView peek(List<Watch> watches) {
    TreeSet<CounterKey> keys = new TreeSet<>();
    watches.forEach(watch -> keys.add(watch.counter()));
    return breaker.read(() -> ledger.peek(keys));
  }

  private static Function<CounterKey, Counter> counters(List<Watch> watches, LedgerView view) {
    java.util.Map<CounterKey, Counter> counters = new java.util.HashMap<>();
    long now = Leaving.toMicros(view.now());
    for (Watch watch : watches) {
      CounterState state = view.counters().getOrDefault(watch.counter(), CounterState.EMPTY);
      Counter counter = Counter.of(watch.limit(), state);
      counter.advance(now);
      counters.put(watch.counter(), counter);
    }
    return key -> Objects.requireNonNull(counters.get(key), "every watched counter was read");
  }
}
