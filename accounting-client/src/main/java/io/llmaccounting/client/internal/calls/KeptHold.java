package io.llmaccounting.client.internal.calls;

import io.llmaccounting.client.internal.health.Failures;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what is held for a call alive and large enough. Safe for use by many threads. */
final class KeptHold {
  private static final Logger LOG = LoggerFactory.getLogger(KeptHold.class);
  private static final Decision UNCHANGED = new Decision.Admitted(List.of(), List.of());
  private static final long LEAST_STEP = 256;

  private final HoldDesk desk;
  private final UUID id;
  private final CallRequest request;
  private final ReentrantLock lock = new ReentrantLock();
  private long heldInput;
  private long heldOutput;
  private Instant renewAt;
  private boolean renewing;
  private boolean growing;
  private boolean lost;
  private volatile boolean ended;

  /**
   * Keeps a hold.
   *
   * @param held false for a call that was let through although nobody could decide
   */
  KeptHold(HoldDesk desk, UUID id, CallRequest request, Instant askedAt, boolean held) {
    this.desk = desk;
    this.id = id;
    this.request = request;
    this.lost = !held;
    this.heldInput = request.inputTokens() == null ? 0 : request.inputTokens();
    this.heldOutput = request.maxOutputTokens() == null ? 0 : request.maxOutputTokens();
    this.renewAt = askedAt.plus(halfLife());
  }

  private Duration halfLife() {
    Duration chosen = request.holdFor();
    return (chosen == null ? desk.settings().holdTime() : chosen).dividedBy(2);
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private boolean grows() {
    growing = false;
    return true;
  }

  private boolean holds(long input, long output) {
    heldInput = input;
    heldOutput = output;
    return true;
  }

  void end() {
    ended = true;
  }

  boolean isEnded() {
    return ended;
  }

  /** True if there is something to be settled. */
  boolean isHeld() {
    lock.lock();
    try {
      return !lost;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Grows the hold where the answer has outgrown it; whoever grows it meanwhile does it for all.
   */
  CompletableFuture<Decision> keepUp(TokenUsage soFar) {
    CompletableFuture<Boolean> renewed = renewIfDue();
    return renewed
        .handle((done, failure) -> mayGrow(soFar))
        .thenCompose(grows -> grows ? grow(soFar) : CompletableFuture.completedFuture(UNCHANGED));
  }

  private boolean mayGrow(TokenUsage soFar) {
    lock.lock();
    try {
      boolean fits = soFar.input() <= heldInput && soFar.output() <= heldOutput;
      if (fits || ended || lost || growing) {
        return false;
      }
      growing = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private CompletableFuture<Decision> grow(TokenUsage soFar) {
    long input = locked(() -> Math.max(heldInput, soFar.input()));
    long before = locked(() -> heldOutput);
    long output = Math.max(before, soFar.output());
    boolean longer = output > before;
    long comfortable =
        longer ? Math.min(TokenUsage.MAX_PART, output + Math.max(LEAST_STEP, output / 2)) : output;
    return grow(input, comfortable)
        .thenCompose(
            decision ->
                decision.isAdmitted() || comfortable == output
                    ? CompletableFuture.completedFuture(decision)
                    : grow(input, output))
        .handle(this::grown);
  }

  private CompletableFuture<Decision> grow(long input, long output) {
    return desk.grow(id, sized(input, output))
        .thenApply(
            decision -> {
              if (decision.isAdmitted()) {
                boolean unused = locked(() -> holds(input, output));
              }
              return decision;
            });
  }

  private Decision grown(
      @org.jspecify.annotations.Nullable Decision decision,
      @org.jspecify.annotations.Nullable Throwable failure) {
    boolean unused = locked(this::grows);
    if (failure == null) {
      return java.util.Objects.requireNonNull(decision);
    }
    if (HoldDesk.isGone(failure)) {
      lose(failure);
      return UNCHANGED;
    }
    throw Failures.of(Stages.known(failure));
  }

  // a cost that was stated for fewer tokens grows with them
  private CallRequest sized(long input, long output) {
    CallRequest sized = request.inputTokens(input).maxOutputTokens(output);
    Cost stated = request.cost();
    long before =
        (request.inputTokens() == null ? 0 : request.inputTokens())
            + (request.maxOutputTokens() == null ? 0 : request.maxOutputTokens());
    if (stated == null || before == 0) {
      return sized;
    }
    BigDecimal nanos =
        BigDecimal.valueOf(stated.nanos())
            .multiply(BigDecimal.valueOf(input + output))
            .divide(BigDecimal.valueOf(before), 0, RoundingMode.CEILING)
            .min(BigDecimal.valueOf(Cost.MAX_PER_CALL.nanos()));
    return sized.cost(Cost.ofNanos(nanos.longValueExact()));
  }

  /** Renews the hold once half of its time is over; where it is gone the call goes on. */
  CompletableFuture<Boolean> renewIfDue() {
    Instant now = desk.settings().now();
    lock.lock();
    try {
      if (ended || lost || renewing || now.isBefore(renewAt)) {
        return CompletableFuture.completedFuture(false);
      }
      renewing = true;
    } finally {
      lock.unlock();
    }
    return desk.renew(id).handle((until, failure) -> renewed(now.plus(halfLife()), failure));
  }

  private boolean renewed(Instant next, @org.jspecify.annotations.Nullable Throwable failure) {
    boolean unused =
        locked(
            () -> {
              renewAt = failure == null ? next : renewAt;
              renewing = false;
              return true;
            });
    if (failure != null && HoldDesk.isGone(failure)) {
      lose(failure);
    }
    return failure == null;
  }

  private void lose(Throwable why) {
    boolean news =
        locked(
            () -> {
              boolean known = lost || ended;
              lost = true;
              return !known;
            });
    if (news) {
      LOG.warn("call {} lost its hold and goes on without: {}", id, why.toString());
    }
  }
}
