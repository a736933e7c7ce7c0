package io.llmaccounting.backend;

import io.llmaccounting.usage.UsageFilter;
import java.time.Instant;

/**
 * Removes what is old. Every call is one transaction, during which other processes may write. Safe
 * for use by many threads.
 */
public interface Retention {
  /**
   * What is kept besides records and may be removed by age: what lies before an instant that the
   * caller gives.
   */
  enum Leftover {
    /**
     * Keys of calls made before the instant, unless their record is still there. The instant may
     * not lie after the purge horizon.
     */
    KEYS,
    /**
     * Rollups of buckets that begin before the instant, which may not lie after the purge horizon.
     */
    ROLLUPS,
    /** Counts of refused reserves, of minutes before the instant. */
    DENIALS,
    /** Counters that became idle before the instant, see {@link CounterState#idleFrom}. */
    IDLE_COUNTERS,
    /** Alerts that fired before the instant and are marked as delivered. */
    DELIVERED_ALERTS
  }

  /**
   * Removes the first records that the slice selects, in order of id, with their adjustments; in
   * the same transaction {@code carrier} is handed those it wants, and the bases it returns are
   * written. A store may remove more at once where that is no more work, as by dropping a partition
   * of which the carrier wants nothing.
   *
   * <p>In the same transaction the purge horizon moves to where the slice ends, unless it is there
   * already; it never moves back. So it stays where it was if nothing can be removed. From then on
   * no record before it is stored unless {@link Decider#storesOld} says so; ledger transactions
   * under way are waited for, and none begins until this one ends.
   *
   * @throws BackendException REJECTED if this role may not remove records
   */
  PurgedSlice removeUsage(PurgeSlice slice, BaseCarrier carrier);

  /** Counts the records with occurredAt before an instant that {@code filter} selects. */
  long countUsage(Instant before, UsageFilter filter);

  /**
   * Removes at most {@code count} rows.
   *
   * @return how many; fewer than {@code count} where no more are left
   * @throws BackendException REJECTED if it reaches beyond what {@link Leftover} allows
   */
  long remove(Leftover what, Instant before, int count);

  /**
   * Counts the rows that could be removed. Of keys all are counted, also those whose record is
   * still there.
   */
  long count(Leftover what, Instant before);
}
