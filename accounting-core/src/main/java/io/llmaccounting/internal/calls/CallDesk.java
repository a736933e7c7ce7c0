package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Staged;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Begins calls and books their ends. Safe for use by many threads. */
public final class CallDesk implements LiveCall.Settler {
  private static final long RENEWAL_MILLIS = 1_000;

  private final CallSettings settings;
  private final Quotas quotas;
  private final LeaseDesk leases;
  private final Events events;
  private final Failures failures;
  private final GroupCommit commits;
  private final LiveCalls live = new LiveCalls();
  private final KnownFigures known;
  private volatile CompletableFuture<Void> uncounted = CompletableFuture.completedFuture(null);

  /** Calls that are admitted by {@code quotas}. */
  public CallDesk(
      CallSettings settings, Quotas quotas, LeaseDesk leases, Events events, Failures failures) {
    this.leases = leases;
    this.commits = quotas.commits();
    this.settings = settings;
    this.quotas = quotas;
    this.events = events;
    this.failures = failures;
    this.known = new KnownFigures(settings.pricing());
  }

  /** How many calls are under way. */
  public long underWay() {
    return live.count();
  }

  /** Begins to keep the holds of live calls alive. */
  public void start(Chores chores) {
    chores.every(RENEWAL_MILLIS, Consequence.NOT_RENEWED, () -> renewDue(chores));
    chores.every(RENEWAL_MILLIS, Consequence.DENIALS_WAIT, this::countDenials);
  }

  private CompletableFuture<Boolean> renewDue(Chores chores) {
    return live.renewDue(
        error -> chores.here(() -> failures.contain(Consequence.NOT_RENEWED, error)));
  }

  private CompletableFuture<Boolean> countDenials() {
    return quotas.countDenials(commits.staged()).thenApply(counted -> true);
  }

  /** An admitted call; a refused one is thrown as {@link QuotaExceededException}. */
  public LiveCall begin(CallRequest request) {
    return told(Stages.join(Stages.of(() -> decide(commits.waiting(), request, () -> {}))));
  }

  /** Begins a call as a stage; whoever completes or cancels it gives the call up. */
  public CompletableFuture<LlmCall> beginAsync(CallRequest request) {
    Staged way = commits.staged();
    return way.promise(() -> decide(way, request, way::requireWanted), this::told, this::withdraw);
  }

  private void withdraw(Decided decided) {
    LiveCall call = decided.call();
    if (call != null) {
      live.remove(call.id());
      call.withdraw();
    }
  }

  private CompletableFuture<Decided> decide(Way way, CallRequest request, Runnable ifWanted) {
    Instant now = settings.now();
    return quotas
        .requests()
        .completed(way, request)
        .thenCompose(
            call -> {
              ifWanted.run();
              HoldRequest wanted = quotas.requests().hold(settings.newId(now), call);
              Reservation own = leases.admit(wanted);
              return own != null
                  ? CompletableFuture.completedFuture(
                      new Decided(null, own.decision(), admitted(wanted, own, now)))
                  : quotas
                      .decide(way, wanted)
                      .thenApply(reservation -> decided(wanted, reservation, now));
            });
  }

  /**
   * What was decided, and the call where it was let in: its hold is looked after before anybody is
   * told of it.
   *
   * @param untold what was asked, null where listeners have heard of it
   */
  private record Decided(
      @Nullable HoldRequest untold, Decision decision, @Nullable LiveCall call) {}

  private LiveCall told(Decided decided) {
    if (decided.untold() != null) {
      quotas.tell(decided.untold(), decided.decision());
    }
    if (decided.decision() instanceof Decision.Denied denied) {
      HoldRequest asked = decided.untold();
      throw asked == null
          ? new QuotaExceededException(denied)
          : new QuotaExceededException(denied, asked.call());
    }
    return Objects.requireNonNull(decided.call(), "it was let in");
  }

  private Decided decided(HoldRequest wanted, Reservation reservation, Instant now) {
    leases.decided(wanted, reservation);
    return new Decided(
        wanted,
        reservation.decision(),
        reservation.decision().isAdmitted() ? admitted(wanted, reservation, now) : null);
  }

  private LiveCall admitted(HoldRequest wanted, Reservation reservation, Instant askedAt) {
    LiveCall call =
        new LiveCall(
            new LiveCall.Parts(
                settings,
                wanted.call(),
                wanted.expected(),
                (Hold) reservation.hold().orElseThrow(),
                (Decision.Admitted) reservation.decision(),
                askedAt,
                settings.now(),
                this,
                events,
                failures,
                known,
                commits));
    live.add(call);
    return call;
  }

  @Override
  public CompletableFuture<LiveCall.Settled> settle(
      Way way, Hold hold, Usage usage, Given given, Unpriced unpriced) {
    return Stages.of(() -> hold.settle(way, usage, given, unpriced))
        .thenApply(
            receipt -> {
              failures.worked(Consequence.NOT_SETTLED);
              failures.worked(Consequence.OTHER_CALL);
              live.remove(usage.id());
              return new LiveCall.Settled(receipt, null);
            })
        .exceptionally(failure -> notSettled(usage, Stages.reason(failure)));
  }

  private LiveCall.Settled notSettled(Usage usage, Throwable error) {
    failures.throwUnlessContained(error);
    live.remove(usage.id());
    return new LiveCall.Settled(
        Failures.notRecorded(usage.id(), usage.cost().orElse(null)), Failures.of(error));
  }

  @Override
  public void tell(Usage usage, LiveCall.Settled settled) {
    RuntimeException contained = settled.contained();
    if (contained != null) {
      failures.contain(Failures.ofSettle(contained), contained);
    }
    events.recorded(usage, settled.receipt());
  }

  /**
   * Renews nothing more, and counts the denials that were not counted yet: those too that a chore
   * has begun to count. Waits for it at most so long; {@link #tellUncounted} tells of the rest.
   */
  public void close(Duration most) {
    live.clear();
    long end = System.nanoTime() + most.toNanos();
    // what a chore has begun may fail, and is counted again then
    for (int again = 0; again < 2 && quotas.uncountedDenials() > 0; again++) {
      uncounted = Stages.of(() -> quotas.countDenials(commits.staged()));
      Stages.await(uncounted, end);
    }
  }

  /**
   * Once the ledger takes nothing more: says how many denials it may not know. Waits at most so
   * long for a count that the ledger has answered already.
   */
  public void tellUncounted(Duration most) {
    Stages.await(uncounted, System.nanoTime() + most.toNanos());
    long left = quotas.uncountedDenials();
    if (left == 0) {
      return;
    }
    String what =
        "%s from memory %s not counted in the store"
            .formatted(Plural.of(left, "denial"), Plural.verb(left, "was", "were"));
    BackendException failure =
        new BackendException(
            BackendException.Kind.UNAVAILABLE,
            what + " before the accounting was closed",
            uncounted.handle((done, error) -> error).getNow(null));
    if (failures.areThrown()) {
      throw failure;
    }
    failures.contain(Consequence.DENIALS_WAIT, what, failure);
  }
}
