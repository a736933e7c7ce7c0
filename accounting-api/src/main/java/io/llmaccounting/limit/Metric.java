package io.llmaccounting.limit;

import io.llmaccounting.usage.Cost;

/** What a limit measures. */
public enum Metric {
  /** Calls, each counting 1, however they end. */
  REQUESTS,
  /** All input tokens, cached ones included. */
  INPUT_TOKENS,
  /** All output tokens, reasoning included. */
  OUTPUT_TOKENS,
  /** Input plus output tokens. */
  TOTAL_TOKENS,
  /** Nano-dollars. */
  COST;

  /** {@code amount} as people read it: {@code $0.25} for COST, else the plain number. */
  public String format(long amount) {
    return this != COST
        ? Long.toString(amount)
        : amount < 0
            ? "-" + Cost.ofNanos(amount == Long.MIN_VALUE ? Long.MAX_VALUE : -amount)
            : Cost.ofNanos(amount).toString();
  }
}
