package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.LimitStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides, and nothing else does: a call is admitted exactly when for every denying limit used,
 * held and requested together stay within the maximum. Pure.
 */
public final class Admission {
  private static final Comparator<Exceeded> MOST_CONSTRAINED_FIRST =
      Comparator.comparing(
              Exceeded::fits, Comparator.nullsFirst(Comparator.<Instant>reverseOrder()))
          .thenComparing(exceeded -> exceeded.status().limit().name());

  private static final Comparator<LimitStatus> TIGHTEST_FIRST =
      Comparator.comparingLong(Admission::perMilleLeft)
          .thenComparing(status -> status.limit().name());

  private Admission() {}

  /**
   * Decides a call.
   *
   * @param watches the limits that watch it
   * @param counters their counters, all advanced to the same instant
   * @param expected what it is expected to consume
   * @param growth what the call has already, null for a new call
   */
  public static Decision decide(
      List<Watch> watches,
      Function<CounterKey, Counter> counters,
      Expectation expected,
      @Nullable Growth growth,
      Instant now) {
    List<Exceeded> denials = new ArrayList<>();
    List<Exceeded> warnings = new ArrayList<>();
    List<LimitStatus> limits = new ArrayList<>(watches.size());
    for (Watch watch : watches) {
      Counter counter = counters.apply(watch.counter());
      long more = growth == null ? amount(watch, expected, counter) : growth.more(watch, expected);
      boolean nothingMore = growth != null && more == 0;
      Exceeded exceeded =
          nothingMore || (more != Expectation.UNPRICED && counter.fits(more))
              ? null
              : exceeded(watch, counter, more, expected, growth);
      limits.add(status(watch, counter));
      if (exceeded != null) {
        (watch.limit().action() == LimitAction.DENY ? denials : warnings).add(exceeded);
      }
    }
    if (denials.isEmpty()) {
      limits.sort(TIGHTEST_FIRST);
      return new Decision.Admitted(limits, warnings);
    }
    denials.sort(MOST_CONSTRAINED_FIRST);
    return new Decision.Denied(denials, now);
  }

  /**
   * The amount that a new call asks of the limit, and keeps if it is admitted. Where the guess
   * would never fit but the stated part does, it is hardly more than the stated part.
   */
  public static long amount(Watch watch, Expectation expected, Counter counter) {
    long whole = expected.of(watch.limit());
    long stated = expected.stated(watch.limit());
    if (whole <= stated || counter.fitsAt(whole) != WindowExit.NEVER) {
      return whole;
    }
    return stated > 0 && counter.fitsAt(stated + 1) == WindowExit.NEVER ? stated : stated + 1;
  }

  /** The amount that an admitted call keeps on the limit. */
  public static long amount(Watch watch, Expectation expected) {
    return Math.max(0, expected.of(watch.limit()));
  }

  /** The amount that the call asks of the limit beyond what its hold keeps already. */
  public static long more(Watch watch, Expectation expected, @Nullable HoldRecord holding) {
    long whole = expected.of(watch.limit());
    if (holding == null || whole == Expectation.UNPRICED) {
      return whole;
    }
    // a limit that the hold is not on, because it came to watch the call later, is left to the
    // settle
    for (HoldRecord.Amount amount : holding.amounts()) {
      if (amount.counter().equals(watch.counter())) {
        return Math.max(0, whole - amount.amount());
      }
    }
    return 0;
  }

  private static Exceeded exceeded(
      Watch watch, Counter counter, long requested, Expectation expected, @Nullable Growth growth) {
    if (requested == Expectation.UNPRICED) {
      return new Exceeded(status(watch, counter), 0, Exceeded.Reason.UNPRICED, null);
    }
    long fits =
        growth == null ? counter.fitsAt(requested) : growth.fitsAt(watch, counter, requested);
    return new Exceeded(
        status(watch, counter),
        requested,
        Exceeded.Reason.SPENT,
        fits == WindowExit.NEVER ? null : WindowExit.toInstant(fits),
        Math.max(0, requested - expected.stated(watch.limit())));
  }

  /** Says how the counters of a call stand, the one with the smallest share left first. */
  public static List<LimitStatus> statuses(
      List<Watch> watches, Function<CounterKey, Counter> counters) {
    List<LimitStatus> limits = new ArrayList<>(watches.size());
    for (Watch watch : watches) {
      limits.add(status(watch, counters.apply(watch.counter())));
    }
    limits.sort(TIGHTEST_FIRST);
    return limits;
  }

  /** Puts the one with the smallest share left first. */
  public static void sort(List<LimitStatus> limits) {
    limits.sort(TIGHTEST_FIRST);
  }

  private static long perMilleLeft(LimitStatus status) {
    long maximum = status.limit().maximum();
    if (maximum == 0) {
      return 0;
    }
    long left = Math.max(0, status.remaining().units());
    return maximum < 1L << 50 ? left * 1_000 / maximum : left / (maximum / 1_000);
  }

  /** Says how a counter stands. */
  public static LimitStatus status(Watch watch, Counter counter) {
    Limit limit = watch.limit();
    Instant at = WindowExit.toInstant(counter.asOf());
    return new LimitStatus(
        limit,
        watch.counter().subject(),
        at,
        counter.used(),
        counter.held(),
        new WindowExit(limit).counted(at),
        Duration.of(counter.grain(), ChronoUnit.MICROS),
        counter.leased(),
        counter.leaseCount() == 0 ? null : WindowExit.toInstant(counter.leasedUntil()));
  }
}
