package io.llmaccounting.internal.outage;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.spool.OpenSpending;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.usage.Attribution;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides while the store cannot be reached, by the limits as they were last seen: those that fail
 * closed refuse, those that fail open let through the amount that they state, and those that only
 * warn admit the call. Asks nobody but the spool. Safe for use by many threads.
 */
public final class OutageAdmission {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LEAST_WAIT = Duration.ofMillis(1);

  private final Parts parts;

  /**
   * What an outage admission works with.
   *
   * @param spending null where there is no spool: then no limit fails open
   * @param admitsUnknown whether calls go ahead while no limits were ever seen
   * @param admitsUnrecorded whether calls go ahead although nothing would keep their record
   */
  public record Parts(
      CurrentLimits limits,
      Breaker breaker,
      @Nullable OpenSpending spending,
      InstantSource clock,
      boolean admitsUnknown,
      boolean admitsUnrecorded) {}

  /** What a call asks of the limits that watch it; closed ones refuse it, open ones count it. */
  private record Asked(
      List<Exceeded> refusals, List<OpenSpending.Part> open, List<Exceeded> blind) {
    Asked() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /** Decides with these parts. */
  public OutageAdmission(Parts parts) {
    this.parts = parts;
  }

  /** Refuses as the breaker does, without asking the store. */
  public BackendException refusal() {
    return parts.breaker().refusal();
  }

  /** Says what the decision would be; takes nothing. */
  public Decision check(HoldRequest request, BackendException outage) {
    return decided(asked(request, null, outage));
  }

  /** Decides, and takes the call's share of what open limits let through. */
  public Decision reserve(HoldRequest request, BackendException outage) {
    return take(request, asked(request, null, outage));
  }

  /** Decides on more room for a call under way that holds {@code held} already. */
  public Decision grow(HoldRequest total, @Nullable Expectation held, BackendException outage) {
    return take(total, asked(total, held == null ? new Expectation(0, 0, null) : held, outage));
  }

  private Decision decided(Asked asked) {
    return asked.refusals().isEmpty()
        ? new Decision.Admitted(List.of(), asked.blind())
        : new Decision.Denied(asked.refusals(), now());
  }

  private Decision take(HoldRequest request, Asked asked) {
    OpenSpending spending = parts.spending();
    if (spending == null || asked.open().isEmpty() || !asked.refusals().isEmpty()) {
      return decided(asked);
    }
    Instant expires = now().plus(request.livesMicros(), ChronoUnit.MICROS);
    List<Limit> without = spending.take(request.id(), asked.open(), expires);
    for (Exceeded blind : asked.blind()) {
      if (without.contains(blind.status().limit())) {
        asked.refusals().add(blind);
      }
    }
    return decided(asked);
  }

  private Asked asked(HoldRequest request, @Nullable Expectation held, BackendException outage) {
    if (parts.spending() == null && !parts.admitsUnrecorded()) {
      Asked asked = askedOfLimits(request, held, outage);
      if (asked.refusals().isEmpty()) {
        throw outage;
      }
      return asked;
    }
    return askedOfLimits(request, held, outage);
  }

  private Asked askedOfLimits(
      HoldRequest request, @Nullable Expectation held, BackendException outage) {
    Asked asked = new Asked();
    LimitIndex limits = parts.limits().known();
    if (limits == null) {
      if (!parts.admitsUnknown()) {
        throw new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "the store has not been reachable since this process started, so its limits are unknown"
                + " and calls are refused; see admitWhileLimitsAreUnknown()",
            outage);
      }
      return asked;
    }
    Attribution who = request.call().attribution();
    for (Watch watch : limits.watching(request.call().model(), request.call().provider(), who)) {
      long more = more(watch.limit(), request.expected(), held);
      if (held == null || more != 0) {
        ask(asked, watch, more);
      }
    }
    return asked;
  }

  private static long more(Limit limit, Expectation expected, @Nullable Expectation held) {
    long whole = expected.of(limit);
    if (held == null || whole == Expectation.UNPRICED) {
      return whole;
    }
    long before = limit.metric() == Metric.REQUESTS ? 1 : Math.max(0, held.of(limit));
    return Math.max(0, whole - before);
  }

  private void ask(Asked asked, Watch watch, long amount) {
    Limit limit = watch.limit();
    if (limit.action() == LimitAction.WARN) {
      asked.blind().add(exceeded(watch, amount, Exceeded.Reason.OUTAGE, retry()));
    } else if (amount == Expectation.UNPRICED) {
      asked.refusals().add(exceeded(watch, 0, Exceeded.Reason.UNPRICED, null));
    } else if (limit.maximum() == 0 || amount > limit.maximum()) {
      asked.refusals().add(exceeded(watch, amount, Exceeded.Reason.SPENT, null));
    } else if (limit.outage().isOpen() && parts.spending() != null) {
      asked.blind().add(exceeded(watch, amount, Exceeded.Reason.OUTAGE, retry()));
      asked.open().add(new OpenSpending.Part(limit, amount));
    } else {
      asked.refusals().add(exceeded(watch, amount, Exceeded.Reason.OUTAGE, retry()));
    }
  }

  private Exceeded exceeded(
      Watch watch, long requested, Exceeded.Reason reason, @Nullable Instant fits) {
    LimitStatus unknown =
        new LimitStatus(watch.limit(), watch.counter().subject(), now(), 0, 0, null, Duration.ZERO);
    return new Exceeded(unknown, requested, reason, fits);
  }

  /** When it is worth asking again: when the store is tried next. */
  private Instant retry() {
    Duration wait =
        parts.breaker().isOpen() ? Duration.ofNanos(parts.breaker().nanosToTry()) : SOON;
    return now()
        .plus(wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait.plusMillis(1))
        .truncatedTo(ChronoUnit.MILLIS);
  }

  private Instant now() {
    return parts.clock().instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** True if the call was let through here and has not ended. */
  public boolean isRunning(UUID call) {
    return parts.spending() != null && parts.spending().isRunning(call);
  }

  /** Notes that a call that was let through here goes on at least until then. */
  public void renewed(UUID call, Instant expires) {
    if (parts.spending() != null) {
      parts.spending().renewed(call, expires);
    }
  }

  /** Gives back what a call that was let through here took. */
  public void released(UUID call) {
    if (parts.spending() != null) {
      parts.spending().ended(call);
    }
  }
}
