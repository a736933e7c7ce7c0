package io.llmaccounting.backend;

import java.util.Map;

/**
 * What limits that fail open let through while the database is away. The spool keeps it, so that a
 * restart does not let through the same amount again. Safe for many threads.
 */
public interface OpenAmounts {
  /** The sums of what was added since the last {@link #reset}, in each limit's unit. */
  Map<OpenLimit, Long> sums();

  /**
   * False if amounts may be missing, because what kept them was damaged. Nothing more may be let
   * through then until {@link #reset}.
   */
  boolean complete();

  /**
   * Starts anew, once the database is back and has booked what was kept: all or nothing, durable.
   *
   * @param rest the amounts of calls that are still under way; empty where there are none
   */
  void reset(Map<OpenLimit, Long> rest);
}
