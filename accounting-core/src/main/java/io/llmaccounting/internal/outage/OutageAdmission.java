package io.llmaccounting.internal.outage;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.HoldRequest;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.internal.spool.OpenRoom;
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
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides while the store cannot be reached, by the limits as they were last seen: those that fail
 * closed refuse, those that fail open let through the amount that they state, and those that only
 * warn admit the call. Asks nobody but the spool. Safe for use by many threads.
 */
public final class OutageAdmission {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LEAST_WAIT = Duration.ofMillis(1);

  private final CurrentLimits limits;
  private final Breaker breaker;
  private final OpenRoom open;
  private final InstantSource clock;
  private final Set<Admits> admits;

  /** What goes ahead although it is not known whether it may. */
  public enum Admits {
    /** Calls while no limits were ever seen. */
    UNKNOWN,
    /** Calls of which nothing may keep the record. */
    UNRECORDED;

    /** Those that are wanted. */
    public static Set<Admits> of(boolean unknown, boolean unrecorded) {
      Set<Admits> admits = EnumSet.noneOf(Admits.class);
      if (unknown) {
        admits.add(UNKNOWN);
      }
      if (unrecorded) {
        admits.add(UNRECORDED);
      }
      return admits;
    }
  }

  /**
   * What a call asks of the limits that watch it; closed ones refuse it, open ones count it.
   *
   * @param outgrown limits whose maximum the whole of a call under way is above
   */
  private record Asked(
      List<Exceeded> refusals,
      List<OpenSpending.Part> open,
      List<Exceeded> blind,
      Set<Limit> outgrown) {
    Asked() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashSet<>());
    }

    // a call that is above the maximum has no room either once the store is back
    void refuse(Exceeded blind) {
      refusals.add(
          outgrown.contains(blind.status().limit())
              ? new Exceeded(blind.status(), blind.requested(), Exceeded.Reason.SPENT, null)
              : blind);
    }
  }

  /** Decides by {@code limits} as they are known, and by what {@code open} has left. */
  public OutageAdmission(
      CurrentLimits limits,
      Breaker breaker,
      OpenRoom open,
      InstantSource clock,
      Set<Admits> admits) {
    this.limits = limits;
    this.breaker = breaker;
    this.open = open;
    this.clock = clock;
    this.admits = Set.copyOf(admits);
  }

  /** Refuses as the breaker does, without asking the store. */
  public BackendException refusal() {
    return breaker.refusal();
  }

  /** Says what the decision would be; takes nothing. */
  public Decision check(HoldRequest request, BackendException outage) {
    return decided(asked(request, null, outage));
  }

  /** Decides, and takes the call's share of what open limits let through. */
  public CompletableFuture<Decision> reserve(
      Way way, HoldRequest request, BackendException outage) {
    return take(way, request, asked(request, null, outage));
  }

  /** Decides on more room for a call under way that holds {@code held} already. */
  public CompletableFuture<Decision> grow(
      Way way, HoldRequest total, @Nullable Expectation held, BackendException outage) {
    return take(
        way, total, asked(total, held == null ? new Expectation(0, 0, null) : held, outage));
  }

  private Decision decided(Asked asked) {
    return asked.refusals().isEmpty()
        ? new Decision.Admitted(List.of(), asked.blind())
        : new Decision.Denied(asked.refusals(), now());
  }

  // where nothing is taken, a spool that hangs keeps nobody waiting
  private CompletableFuture<Decision> take(Way way, HoldRequest request, Asked asked) {
    return asked.open().isEmpty() || !asked.refusals().isEmpty()
        ? CompletableFuture.completedFuture(decided(asked))
        : way.writing(() -> take(request, asked));
  }

  private Decision take(HoldRequest request, Asked asked) {
    Instant expires = now().plus(request.livesMicros(), ChronoUnit.MICROS);
    List<Limit> without = open.take(request.id(), asked.open(), expires);
    for (Exceeded blind : asked.blind()) {
      if (without.contains(blind.status().limit())) {
        asked.refuse(blind);
      }
    }
    return decided(asked);
  }

  private Asked asked(HoldRequest request, @Nullable Expectation held, BackendException outage) {
    Asked asked = askedOfLimits(request, held, outage);
    boolean isRecorded = open.isThere() || admits.contains(Admits.UNRECORDED);
    if (asked.refusals().isEmpty() && !isRecorded) {
      throw outage;
    }
    return asked;
  }

  private Asked askedOfLimits(
      HoldRequest request, @Nullable Expectation held, BackendException outage) {
    Asked asked = new Asked();
    LimitIndex known = limits.known();
    if (known == null) {
      if (!admits.contains(Admits.UNKNOWN)) {
        throw new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "the store has not been reachable since this process started, so its limits are unknown"
                + " and calls are refused; see admitWhileLimitsAreUnknown()",
            outage);
      }
      return asked;
    }
    Attribution who = request.call().attribution();
    for (Watch watch : known.watching(request.call().model(), request.call().provider(), who)) {
      long more = more(watch.limit(), request.expected(), held);
      if (held == null || more != 0) {
        if (held != null && request.expected().of(watch.limit()) > watch.limit().maximum()) {
          asked.outgrown().add(watch.limit());
        }
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
    } else if (limit.outage().isOpen() && open.isThere()) {
      asked.blind().add(exceeded(watch, amount, Exceeded.Reason.OUTAGE, retry()));
      asked.open().add(new OpenSpending.Part(limit, amount));
    } else {
      asked.refuse(exceeded(watch, amount, Exceeded.Reason.OUTAGE, retry()));
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
    Duration wait = breaker.isOpen() ? Duration.ofNanos(breaker.nanosToTry()) : SOON;
    return now()
        .plus(wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait.plusMillis(1))
        .truncatedTo(ChronoUnit.MILLIS);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Notes that a call that was let through here goes on at least until then. */
  public void renewed(UUID call, Instant expires) {
    open.renewed(call, expires);
  }

  /** Gives back what a call that was let through here took. */
  public void released(UUID call) {
    open.ended(call);
  }
}
