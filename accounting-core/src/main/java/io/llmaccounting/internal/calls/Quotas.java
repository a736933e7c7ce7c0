package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.cache.KnownNames;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.GrowOperation;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.RememberOperation;
import io.llmaccounting.internal.ledger.ReserveOperation;
import io.llmaccounting.internal.outage.OutageAdmission;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Expectations;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Verdicts;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.settings.CallSettings;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers from the ledger. Safe for use by many threads. */
public final class Quotas implements QuotaService {
  private final CallSettings settings;
  private final Ledger ledger;
  private final CurrentLimits limits;
  private final CounterReader counters;
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
    this.counters = new CounterReader(parts.ledger(), parts.limits(), parts.breaker());
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
    DenialCache.Answer known = remembered(call);
    if (known != null) {
      return known.show();
    }
    try {
      return ask(counters.limits(), call);
    } catch (BackendException e) {
      if (!Breaker.isOutage(e)) {
        throw e;
      }
      return outage.check(holdRequest(settings.newId(settings.now()), call), e);
    }
  }

  private Decision ask(LimitIndex index, CallRequest call) {
    List<Watch> watches = CounterReader.watching(index, call);
    if (watches.isEmpty()) {
      return new Decision.Admitted(List.of(), List.of());
    }
    Expectation expected = expectations.of(call, settings.now());
    if (denials == null) {
      return counters.decide(watches, expected);
    }
    DenialCache.Asked asked = denials.asking(index, call, expected);
    Decision decision = counters.decide(watches, expected);
    if (decision instanceof Decision.Denied denied) {
      denials.remember(asked, denied);
    }
    return decision;
  }

  private DenialCache.@Nullable Answer remembered(CallRequest call) {
    LimitIndex index = known();
    return denials == null || index == null ? null : denials.find(index, call);
  }

  // an answer lives less long than limits may be out of date: it is compared with the last known
  private @Nullable LimitIndex known() {
    return denials == null || breaker.isOpen() ? null : limits.known();
  }

  @Override
  public Reservation reserve(CallRequest request) {
    CallRequest call = completed(request);
    DenialCache.Answer known = remembered(call);
    return known == null
        ? reserve(holdRequest(settings.newId(settings.now()), call))
        : new Reservation(tellIfDenied(call, known.give()), null);
  }

  /** Asks for a hold that is completed already. */
  Reservation reserve(HoldRequest request) {
    Reservation answer = answer(request);
    tellIfDenied(request.call(), answer.decision());
    return answer;
  }

  /** Counts keys of an answer that were not understood. */
  void unread(List<String> keys) {
    events.unread(keys);
  }

  private Decision tellIfDenied(CallRequest call, Decision decision) {
    if (decision instanceof Decision.Denied denied) {
      events.denied(call, denied);
    }
    return decision;
  }

  /** Sizes that a call under way may grow to; it was let in, its names are not checked again. */
  List<HoldRequest> growing(UUID id, List<CallRequest> totals) {
    return totals.stream().map(total -> holdRequest(id, withDefaults(total))).toList();
  }

  /**
   * Asks for more room for a call under way.
   *
   * @param wanted from the most comfortable size to the one that is needed
   * @param held what it holds already, null where that is not known
   */
  Grown grow(List<HoldRequest> wanted, @Nullable Expectation held) {
    try {
      return tellIfDenied(wanted, combiner.book(new GrowOperation(wanted)));
    } catch (BackendException e) {
      if (!Breaker.isOutage(e)) {
        throw e;
      }
      return growInOutage(wanted, held, e);
    }
  }

  /** The same for a call that the ledger holds nothing for. */
  Grown growBlindly(List<HoldRequest> wanted, Expectation held) {
    return growInOutage(wanted, held, breaker.refusal());
  }

  private Grown growInOutage(
      List<HoldRequest> wanted, @Nullable Expectation held, BackendException e) {
    Grown last = null;
    for (HoldRequest total : wanted) {
      Decision decision = outage.grow(total, held, e);
      last = new Grown(decision, decision.isAdmitted() ? total.expected() : null);
      if (decision.isAdmitted()) {
        return last;
      }
    }
    return tellIfDenied(wanted, Objects.requireNonNull(last, "nothing was wanted"));
  }

  private Grown tellIfDenied(List<HoldRequest> wanted, Grown grown) {
    tellIfDenied(wanted.get(0).call(), grown.decision());
    return grown;
  }

  private Reservation answer(HoldRequest request) {
    LimitIndex index = known();
    if (denials == null || index == null) {
      return ask(request);
    }
    DenialCache.Answer known = denials.find(index, request.call(), request.expected());
    if (known != null) {
      return new Reservation(known.give(), null);
    }
    DenialCache.Asked asked = denials.asking(index, request.call(), request.expected());
    Reservation answer = ask(request);
    if (answer.decision() instanceof Decision.Denied denied) {
      denials.remember(asked, denied);
    }
    return answer;
  }

  private Reservation ask(HoldRequest request) {
    ReserveOperation operation = new ReserveOperation(request);
    try {
      ReserveOperation.Outcome outcome = combiner.book(operation);
      return outcome.hold() == null
          ? new Reservation(outcome.decision(), null)
          : new Reservation(outcome.decision(), new HoldHandle(request, combiner, recorder, this));
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
    return new Reservation(
        decision,
        new BlindHold(new BlindHold.Parts(request, mayBeHeld, outage, recorder, this, settings)));
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
      denials.count(counts -> combiner.book(new RememberOperation(List.of(), counts)));
    }
  }

  @Override
  public HeldCall hold(UUID id) {
    return new HoldHandle(id, combiner, recorder, this);
  }

  @Override
  public List<LimitStatus> status(CallRequest request) {
    CallRequest call = completed(request);
    return counters.statuses(CounterReader.watching(counters.limits(), call));
  }

  @Override
  public Explanation explain(CallRequest request) {
    CallRequest call = completed(request);
    LimitIndex index = counters.limits();
    List<Watch> watches = CounterReader.watching(index, call);
    return new Explanation(
        ask(index, call), Verdicts.of(index, call, watches, counters.counters(watches)));
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
}
