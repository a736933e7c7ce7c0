package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.cache.KnownNames;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.GrowOperation;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.RememberOperation;
import io.llmaccounting.internal.ledger.ReserveOperation;
import io.llmaccounting.internal.ledger.Staged;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.outage.OutageAdmission;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.Expectations;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Verdicts;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.Attribution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers from the ledger. Safe for use by many threads. */
public final class Quotas implements QuotaService {
  private final CallSettings settings;
  private final CurrentLimits limits;
  private final CounterReader counters;
  private final GroupCommit commits;
  private final Expectations expectations;
  private final Recorder recorder;
  private final Events events;
  private final @Nullable KnownNames names;
  private final @Nullable DenialCache denials;
  private final Breaker breaker;
  private final OutageAdmission outage;
  private final Way waiting;

  /**
   * What a quota service works with.
   *
   * @param names null where names are not enforced
   * @param denials null where no denial is answered from memory
   */
  public record Parts(
      CallSettings settings,
      CounterReader counters,
      CurrentLimits limits,
      GroupCommit commits,
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
    this.limits = parts.limits();
    this.counters = parts.counters();
    this.commits = parts.commits();
    this.expectations = parts.expectations();
    this.recorder = parts.recorder();
    this.events = parts.events();
    this.names = parts.names();
    this.denials = parts.denials();
    this.breaker = parts.breaker();
    this.outage = parts.outage();
    this.waiting = commits.waiting();
  }

  /** The way of callers that wait. */
  Way waiting() {
    return waiting;
  }

  /** Prices and books records. */
  Recorder recorder() {
    return recorder;
  }

  /** The caller's clock. */
  Instant now() {
    return settings.now();
  }

  @Override
  public Decision check(CallRequest request) {
    return checkAttributed(withDefaults(request));
  }

  private Decision checkAttributed(CallRequest request) {
    CallRequest call = named(request);
    DenialCache.Answer known = remembered(call);
    if (known != null) {
      return known.show();
    }
    try {
      return ask(counters.limits(), call);
    } catch (BackendException e) {
      return checkBlindly(call, OutageCheck.require(e));
    }
  }

  private Decision checkBlindly(CallRequest call, BackendException away) {
    return outage.check(holdRequest(settings.newId(settings.now()), call), away);
  }

  @Override
  public CompletionStage<Decision> checkAsync(CallRequest request) {
    Staged way = commits.staged();
    return way.promise(
        () -> {
          // who calls is what the caller's thread knows
          CallRequest call = withDefaults(request);
          return way.slowly(() -> checkAttributed(call));
        },
        decision -> {});
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
    return Stages.join(reserve(waiting, request));
  }

  @Override
  public CompletionStage<Reservation> reserveAsync(CallRequest request) {
    Staged way = commits.staged();
    return way.promise(
        () -> reserve(way, request),
        unclaimed -> unclaimed.hold().ifPresent(hold -> release((Hold) hold)));
  }

  private void release(Hold unclaimed) {
    CompletableFuture<Boolean> unused = unclaimed.release(commits.staged());
  }

  private CompletableFuture<Reservation> reserve(Way way, CallRequest request) {
    return completed(way, request)
        .thenCompose(
            call -> {
              DenialCache.Answer known = remembered(call);
              if (known == null) {
                return reserve(way, holdRequest(settings.newId(settings.now()), call));
              }
              events.asked(call);
              return CompletableFuture.completedFuture(
                  new Reservation(tellIfDenied(call, known.give()), null));
            });
  }

  /** Asks for a hold that is completed already. */
  CompletableFuture<Reservation> reserve(Way way, HoldRequest request) {
    events.asked(request.call());
    return answer(way, request)
        .thenApply(
            answer -> {
              if (answer.decision() instanceof Decision.Admitted admitted) {
                events.admitted(request.id(), request.call(), admitted);
              }
              tellIfDenied(request.call(), answer.decision());
              return answer;
            });
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

  /**
   * Sizes that a call under way may grow to; it was let in, its names are not checked again.
   *
   * @param held what it was let in for, null where that is not known
   */
  List<HoldRequest> growing(UUID id, List<CallRequest> totals, @Nullable CallRequest held) {
    Attribution known = held == null ? settings.known() : held.attribution();
    return totals.stream().map(total -> holdRequest(id, attributed(total, known))).toList();
  }

  /**
   * Asks for more room for a call under way.
   *
   * @param wanted from the most comfortable size to the one that is needed
   * @param held what it holds already, null where that is not known
   */
  CompletableFuture<Grown> grow(Way way, List<HoldRequest> wanted, @Nullable Expectation held) {
    return inOutageElse(
        way,
        way.book(new GrowOperation(wanted)).thenApply(grown -> tellIfDenied(wanted, grown)),
        outage -> growInOutage(wanted, held, outage));
  }

  /** What {@code asked} comes to; where the store is away, what {@code instead} does. */
  private static <T> CompletableFuture<T> inOutageElse(
      Way way, CompletableFuture<T> asked, Function<BackendException, T> instead) {
    return asked.exceptionallyCompose(
        failure -> {
          BackendException away = OutageCheck.require(Stages.thrown(failure));
          return way.slowly(() -> instead.apply(away));
        });
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

  private CompletableFuture<Reservation> answer(Way way, HoldRequest request) {
    LimitIndex index = known();
    if (denials == null || index == null) {
      return ask(way, request);
    }
    DenialCache.Answer known = denials.find(index, request.call(), request.expected());
    if (known != null) {
      return CompletableFuture.completedFuture(new Reservation(known.give(), null));
    }
    DenialCache.Asked asked = denials.asking(index, request.call(), request.expected());
    return ask(way, request)
        .thenApply(
            answer -> {
              if (answer.decision() instanceof Decision.Denied denied) {
                denials.remember(asked, denied);
              }
              return answer;
            });
  }

  private CompletableFuture<Reservation> ask(Way way, HoldRequest request) {
    ReserveOperation operation = new ReserveOperation(request);
    return inOutageElse(
        way,
        way.book(operation)
            .thenApply(
                outcome ->
                    new Reservation(
                        outcome.decision(),
                        outcome.hold() == null ? null : new HoldHandle(request, this))),
        outage -> askBlindly(request, operation, outage));
  }

  private Reservation askBlindly(
      HoldRequest request, ReserveOperation operation, BackendException e) {
    Decision decision = outage.reserve(request, e);
    if (!decision.isAdmitted()) {
      // nobody would end what the ledger may yet take
      commits.withdraw(operation);
      return new Reservation(decision, null);
    }
    return new Reservation(
        decision, new BlindHold(request, operation.wasAttempted(), outage, this));
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
  CompletableFuture<Void> countDenials(Way way) {
    return denials == null
        ? CompletableFuture.completedFuture(null)
        : denials.count(counts -> way.book(new RememberOperation(List.of(), counts)));
  }

  @Override
  public HeldCall hold(UUID id) {
    return new HoldHandle(id, this);
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

  /** The request with what context and defaults say filled in, its names checked. */
  CompletableFuture<CallRequest> completed(Way way, CallRequest request) {
    CallRequest call = withDefaults(request);
    return names == null ? CompletableFuture.completedFuture(call) : way.slowly(() -> named(call));
  }

  private CallRequest completed(CallRequest request) {
    return named(withDefaults(request));
  }

  private CallRequest withDefaults(CallRequest request) {
    return attributed(request, settings.known());
  }

  private static CallRequest attributed(CallRequest request, Attribution known) {
    Attribution completed = request.attribution().orElse(known);
    return completed.equals(request.attribution()) ? request : request.attribution(completed);
  }

  private CallRequest named(CallRequest call) {
    if (names != null) {
      names.require(call.attribution());
    }
    return call;
  }
}
