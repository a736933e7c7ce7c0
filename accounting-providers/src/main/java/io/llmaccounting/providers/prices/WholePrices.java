package io.llmaccounting.providers.prices;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Prices in whole nano-dollars per 1,000,000 tokens, so that a call is priced exactly without
 * making an object.
 */
record WholePrices(
    long input,
    long output,
    long cacheRead,
    long cacheWrite5m,
    long cacheWrite1h,
    long audioInput,
    long audioOutput) {
  private static final int NANO = 9;
  private static final long MILLION = 1_000_000;

  /** Stands for a price that is missing, and leaves a call that needs it to the long way. */
  private static final long UNKNOWN = -1;

  /** The same prices; null where one that may be needed is missing or has more than 9 decimals. */
  static @Nullable WholePrices of(TokenPrices prices) {
    if (prices.input() == null || prices.output() == null) {
      return null;
    }
    try {
      long input = whole(prices.input());
      long output = whole(prices.output());
      return new WholePrices(
          input,
          output,
          whole(prices.cacheRead(), input),
          whole(prices.cacheWrite5m(), UNKNOWN),
          whole(prices.cacheWrite1h(), UNKNOWN),
          whole(prices.audioInput(), UNKNOWN),
          whole(prices.audioOutput(), UNKNOWN));
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static long whole(@Nullable BigDecimal price, long without) {
    return price == null ? without : whole(price);
  }

  private static long whole(BigDecimal price) {
    return price.movePointRight(NANO).longValueExact();
  }

  /**
   * Nano-dollars, rounded once, HALF_EVEN; negative where a long cannot hold what they are rounded
   * from, or one call may not cost so much.
   */
  long nanosOf(TokenUsage tokens) {
    long sum;
    try {
      sum = Math.multiplyExact(tokens.uncachedInput(), input);
      sum = plus(sum, tokens.cacheRead(), cacheRead);
      sum = plus(sum, tokens.cacheWrite5m(), cacheWrite5m);
      sum = plus(sum, tokens.cacheWrite1h(), cacheWrite1h);
      sum = plus(sum, tokens.audioInput(), audioInput);
      sum = plus(sum, tokens.textOutput(), output);
      sum = plus(sum, tokens.reasoning(), output);
      sum = plus(sum, tokens.audioOutput(), audioOutput);
    } catch (ArithmeticException e) {
      return -1;
    }
    long nanos = rounded(sum);
    return nanos <= Cost.MAX_PER_CALL.nanos() ? nanos : -1;
  }

  private static long plus(long sum, long tokens, long price) {
    if (price == UNKNOWN && tokens > 0) {
      throw new ArithmeticException("a price is missing");
    }
    return price == UNKNOWN ? sum : Math.addExact(sum, Math.multiplyExact(tokens, price));
  }

  private static long rounded(long millionths) {
    long nanos = millionths / MILLION;
    long rest = millionths % MILLION;
    boolean up = 2 * rest > MILLION || (2 * rest == MILLION && nanos % 2 == 1);
    return up ? nanos + 1 : nanos;
  }
}
