package io.llmaccounting.internal.lease;

import io.llmaccounting.limit.LimitStatus;

/**
 * The ledger's answer when a lease was taken or renewed. Instants are microseconds since 1970 by
 * the ledger's clock.
 *
 * @param at when the ledger answered
 * @param expires from when on the lease no longer counts
 * @param leaves when what is charged at that instant leaves the window
 * @param added how much room was added
 * @param sent a moment before the ledger was asked
 * @param status how the counter stood then, with the lease
 */
public record Grant(
    long at, long expires, long leaves, long added, LeaseClock.Moment sent, LimitStatus status) {
  private static final int MARGIN = 10;

  /** The latest that the ledger's clock can show at {@code now}. */
  long latest(LeaseClock.Moment now) {
    return at + LeaseClock.microsBetween(sent, now);
  }

  /**
   * Until when calls are let in from the lease. That is a little before it expires, because records
   * are still on their way and clocks differ, and never beyond the edge of a window.
   */
  long spentUntil() {
    return Math.min(leaves, expires - (expires - at) / MARGIN);
  }

  /** True once half of its time is over. */
  boolean isHalfOver(LeaseClock.Moment now) {
    return latest(now) - at >= (expires - at) / 2;
  }
}
