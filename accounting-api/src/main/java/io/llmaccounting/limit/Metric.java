package io.llmaccounting.limit;

import io.llmaccounting.usage.Cost;

/** What a limit measures. */
public enum Metric {
  /** Calls, each counting 1, however they end. */
  REQUESTS,
  /** All input tokens, cached ones included. */
  INPUT_TOKENS,
  /** Input tokens less cache reads; what is written to a cache counts, and so does audio. */
  UNCACHED_INPUT_TOKENS,
  /** All output tokens, reasoning included. */
  OUTPUT_TOKENS,
  /** Input plus output tokens. */
  TOTAL_TOKENS,
  /** Thousandths of a token, each kind by the limit's {@link TokenWeights weights}. */
  WEIGHTED_TOKENS,
  /** Nano-dollars. */
  COST,
  /**
   * Calls under way: so many live holds at once, whatever they consume. Needs {@link Window.Now}. A
   * call counts from when it is admitted until it is settled, released or its hold expires; what is
   * tracked without a hold never counts.
   */
  CONCURRENT;

  /**
   * {@code amount} as people read it: {@code $0.25} for COST, {@code 12.5} tokens for
   * WEIGHTED_TOKENS, else the plain number.
   */
  public String format(long amount) {
    return switch (this) {
      case COST ->
          amount < 0
              ? "-" + Cost.ofNanos(amount == Long.MIN_VALUE ? Long.MAX_VALUE : -amount)
              : Cost.ofNanos(amount).toString();
      case WEIGHTED_TOKENS -> TokenWeights.tokens(amount).toPlainString();
      default -> Long.toString(amount);
    };
  }
}
