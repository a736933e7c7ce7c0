package io.llmaccounting.usage;

/**
 * Which cost of a call counts where its seller reported one and prices gave another. A cost that
 * the caller states always counts before both.
 */
public enum ReportedCostPolicy {
  /** What the seller reported, else what was computed. */
  PREFER_REPORTED,
  /** What was computed, else what the seller reported. */
  PREFER_COMPUTED
}
