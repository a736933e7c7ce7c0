package io.llmaccounting.limit;

import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one counter of a limit stands.
 *
 * @param limit the limit
 * @param subject whose counter: {@code user=alice} where each user has one, empty where all share
 *     one
 * @param at the instant that is described, by the ledger's clock
 * @param used what lies in the window; {@link Long#MAX_VALUE} means that much or more
 * @param held what live holds keep for calls under way
 * @param currentWindow the stretch of time whose usage counts at that instant: a calendar window
 *     from its start to its end, or for a moving window the time before the instant; null for
 *     lifetime and now, and where it is not known
 * @param grain how late usage may leave the window at the moment; zero where each call's usage
 *     leaves at its own instant
 * @param leased how much of what is held is in leases: of calls under way that were let in from
 *     them, and room that processes keep for the next
 * @param leasedUntil when the last of these leases ends unless it is renewed; null where nothing is
 *     leased
 */
public record LimitStatus(
    Limit limit,
    String subject,
    Instant at,
    long used,
    long held,
    @Nullable TimeRange currentWindow,
    Duration grain,
    long leased,
    @Nullable Instant leasedUntil) {

  /** The status of a counter of which nothing is leased. */
  public LimitStatus(
      Limit limit,
      String subject,
      Instant at,
      long used,
      long held,
      @Nullable TimeRange currentWindow,
      Duration grain) {
    this(limit, subject, at, used, held, currentWindow, grain, 0, null);
  }

  /**
   * True if each call's usage leaves the window at its own instant, so that the instants given here
   * are exact.
   */
  public boolean isExact() {
    return grain.isZero();
  }

  /**
   * What is left: the maximum less what is used and held, below zero where that is more than the
   * maximum; unlimited for exemptions.
   */
  public Amount remaining() {
    return new Amount(limit.metric(), limit.isExemption() ? Limit.UNLIMITED : left());
  }

  private long left() {
    long unused = limit.maximum() - used;
    return unused < held - Long.MAX_VALUE ? -Long.MAX_VALUE : unused - held;
  }

  /**
   * By how much use exceeds the maximum, 0 where it does not; for a limit on calls under way, by
   * how many they are too many.
   */
  public long overshoot() {
    long counted = limit.metric() == Metric.CONCURRENT ? held : used;
    return limit.isExemption() ? 0 : Math.max(0, counted - limit.maximum());
  }

  /** When a calendar window ends; empty for windows that move and for lifetime. */
  public Optional<Instant> resetsAt() {
    return limit.window() instanceof Window.Calendar
        ? Optional.ofNullable(currentWindow).map(TimeRange::to)
        : Optional.empty();
  }
}
