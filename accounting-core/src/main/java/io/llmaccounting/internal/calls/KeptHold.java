package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.OutageCheck;
import io.llmaccounting.internal.ledger.Grown;
import io.llmaccounting.internal.ledger.HoldGone;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.HeldFigures;
import io.llmaccounting.internal.quota.OutgrownCost;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the hold of a call alive and large enough while the call runs. Guarded by the call's lock,
 * which is never held while the store is waited for. Safe for many threads.
 */
final class KeptHold {
  private static final Logger LOG = LoggerFactory.getLogger(KeptHold.class);
  private static final Decision UNCHANGED = new Decision.Admitted(List.of(), List.of());
  private static final CompletableFuture<Boolean> NOT_DUE =
      CompletableFuture.completedFuture(false);
  private static final long LEAST_STEP = 256;

  private final LiveCall.Parts parts;
  private final CallRequest request;
  private final CallLock lock;
  private long heldInput;
  private long heldOutput;
  private Expectation granted;
  private Instant renewAt;
  private boolean renewing;
  private @Nullable CompletableFuture<Boolean> growing;
  private boolean lost;
  private volatile boolean ended;

  /** The hold of a call that was just admitted. */
  KeptHold(LiveCall.Parts parts, CallLock lock) {
    this.parts = parts;
    this.request = parts.request();
    this.lock = lock;
    Expectation expected = parts.expected();
    this.granted = expected;
    // where a limit was asked for only a part of a guess, the guess is not taken for held
    boolean cut = isCut(parts.admission(), expected);
    this.heldInput = cut && expected.guess().input() ? 0 : expected.inputTokens();
    this.heldOutput = cut && expected.guess().output() ? 0 : expected.outputTokens();
    this.renewAt = parts.askedAt().plus(halfLife());
  }

  private static boolean isCut(Decision.Admitted admission, Expectation expected) {
    for (LimitStatus status : admission.limits()) {
      if (expected.isCutFor(status.limit())) {
        return true;
      }
    }
    return false;
  }

  // to the millisecond: dividing a duration goes by way of decimals
  private Duration halfLife() {
    Duration chosen = request.holdFor();
    Duration whole = chosen == null ? parts.settings().holdTime() : chosen;
    return Duration.ofMillis(whole.toMillis() / 2);
  }

  /** What is held, by figures. */
  HeldFigures figures() {
    return HeldFigures.of(lock.get(() -> granted), parts.admission().limits());
  }

  /** Stops keeping the hold, because the call has ended. */
  void end() {
    ended = true;
  }

  boolean isEnded() {
    return ended;
  }

  /**
   * Renews the hold if it is time, and grows it if the answer has outgrown it: by half of the
   * tokens that have come, at least 256, or where there is no room for that, to the tokens that
   * have come.
   */
  CompletableFuture<Decision> keepUp(Way way, TokenUsage soFar) {
    return way.handOver(
            Stages.of(
                () -> way.handOver(renewIfDue(way)).thenCompose(renewed -> growTo(way, soFar))))
        .handle(
            (decision, failure) -> {
              if (failure == null) {
                parts.failures().worked(Failures.Consequence.NOT_GROWN);
                return decision;
              }
              parts
                  .failures()
                  .throwOrContain(Failures.Consequence.NOT_GROWN, Stages.reason(failure));
              return UNCHANGED;
            });
  }

  // sizes have prices, which are the application's
  private CompletableFuture<Decision> growTo(Way way, TokenUsage soFar) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> turn = lock.get(() -> turnToGrow(soFar, mine));
    if (turn == null) {
      return CompletableFuture.completedFuture(UNCHANGED);
    }
    if (turn != mine) {
      return way.handOver(way.after(turn)).thenCompose(grown -> growTo(way, soFar));
    }
    return way.handOver(
            Stages.of(() -> parts.hold().grow(way, sizes(soFar)))
                .whenComplete((grown, failure) -> keep(grown, failure))
                .whenComplete((grown, failure) -> grownBy(mine)))
        // who is told may tell of the call
        .handle(this::grown);
  }

  // null where the hold is large enough, or nothing is held any more
  private @Nullable CompletableFuture<Boolean> turnToGrow(
      TokenUsage soFar, CompletableFuture<Boolean> mine) {
    boolean fits = soFar.input() <= heldInput && soFar.output() <= heldOutput;
    if (fits || ended || lost) {
      return null;
    }
    if (growing == null) {
      growing = mine;
    }
    return growing;
  }

  private void grownBy(CompletableFuture<Boolean> mine) {
    lock.run(() -> growing = null);
    mine.complete(true);
  }

  private Decision grown(Grown grown, @Nullable Throwable failure) {
    if (failure != null) {
      if (Stages.reason(failure) instanceof HoldGone) {
        return UNCHANGED;
      }
      throw Stages.thrown(failure);
    }
    Decision decision = parts.hold().desk.told(grown);
    failIfBlind(decision);
    return decision;
  }

  private void keep(@Nullable Grown grown, @Nullable Throwable failure) {
    if (failure != null && Stages.reason(failure) instanceof HoldGone gone) {
      lose(gone);
    }
    Expectation more = grown == null ? null : grown.granted();
    if (more != null) {
      lock.run(
          () -> {
            granted = more;
            heldInput = more.inputTokens();
            heldOutput = more.outputTokens();
          });
    }
  }

  // first a size with room to go on for a while, then the size that is needed already
  private List<CallRequest> sizes(TokenUsage soFar) {
    long input = lock.get(() -> Math.max(heldInput, soFar.input()));
    long before = lock.get(() -> heldOutput);
    long output = Math.max(before, soFar.output());
    CallRequest least = sized(input, output);
    if (output == before) {
      return List.of(least);
    }
    long comfortable = output + Math.max(LEAST_STEP, output / 2);
    return List.of(sized(input, Math.min(TokenUsage.MAX_PART, comfortable)), least);
  }

  private CallRequest sized(long input, long output) {
    CallRequest sized = request.inputTokens(input).maxOutputTokens(output);
    CallSettings settings = parts.settings();
    // the call has outgrown the tokens that its cost was stated for, and so the cost too
    return request.cost() == null
        ? sized
        : sized.cost(OutgrownCost.of(settings.pricing(), sized, parts.expected(), settings.now()));
  }

  // a refusal because nobody can tell is a failure of accounting, which CONTINUE keeps from the
  // call
  private void failIfBlind(Decision decision) {
    if (decision instanceof Decision.Denied denied
        && !parts.failures().areThrown()
        && denied.exceeded().stream().allMatch(one -> one.reason() == Exceeded.Reason.OUTAGE)) {
      throw new BackendException(BackendException.Kind.UNAVAILABLE, denied.toString());
    }
  }

  /**
   * Renews the hold once half of its time is over, unless a renewal is under way already. Where the
   * hold was lost meanwhile, or the store is away, the call goes on.
   */
  CompletableFuture<Boolean> renewIfDue(Way way) {
    Instant now = parts.settings().now();
    if (!lock.get(() -> beginRenewing(now))) {
      return NOT_DUE;
    }
    // from when it was sent, not from when somebody had time to hear of the answer
    Instant next = now.plus(halfLife());
    return Stages.of(() -> parts.hold().renew(way))
        .handle((expires, failure) -> renewed(next, failure));
  }

  private boolean beginRenewing(Instant now) {
    if (ended || lost || renewing || now.isBefore(renewAt)) {
      return false;
    }
    renewing = true;
    return true;
  }

  private boolean renewed(Instant next, @Nullable Throwable failure) {
    lock.run(
        () -> {
          renewing = false;
          renewAt = failure == null ? next : renewAt;
        });
    if (failure == null) {
      return true;
    }
    if (Stages.reason(failure) instanceof HoldGone gone) {
      lose(gone);
      return false;
    }
    BackendException away = OutageCheck.require(Stages.thrown(failure));
    LOG.debug("hold of call {} is renewed later: the store is away", parts.hold().id(), away);
    return false;
  }

  private void lose(HoldGone reason) {
    boolean isNews =
        lock.get(
            () -> {
              boolean known = lost || ended;
              lost = true;
              return !known;
            });
    if (!isNews) {
      return;
    }
    LOG.warn(
        "call {} lost its hold and goes on without: {}", parts.hold().id(), reason.getMessage());
  }
}
