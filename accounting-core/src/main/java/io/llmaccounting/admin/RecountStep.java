package io.llmaccounting.admin;

/** What is compared or made anew, in this order. */
public enum RecountStep {
  /** Sums by day and name. */
  ROLLUPS,
  /** Counters of limits, and what is held. */
  COUNTERS
}
