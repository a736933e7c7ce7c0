package io.llmaccounting.providers.prices;

import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of one call cost at some prices, part by part. A part without a price of its own
 * costs as much as the dearest part that is cheaper by nature: a write to the cache no less than
 * plain input, one for an hour no less than one for 5 minutes, audio no less than text. The sum is
 * then a lower bound. Cache reads without a price cost as much as input, which is no less than they
 * do. Confined to one thread.
 */
final class PartPrices {
  private final TokenPrices prices;
  private final List<String> derived;
  private final Reasons reasons;
  private boolean lowerBound;

  PartPrices(TokenPrices prices, List<String> derived, Reasons reasons) {
    this.prices = prices;
    this.derived = derived;
    this.reasons = reasons;
  }

  /** Whether a part had no price, so that the sum is less than or equal to what it really costs. */
  boolean isLowerBound() {
    return lowerBound;
  }

  /** US dollars times 1,000,000; null where input or output has no price at all. */
  @Nullable BigDecimal millionths(TokenUsage tokens) {
    BigDecimal input = prices.input();
    BigDecimal output = prices.output();
    if (input == null && tokens.input() > 0) {
      reasons.because("the row has no price for input tokens");
      return null;
    }
    if (output == null && tokens.output() > 0) {
      reasons.because("the row has no price for output tokens");
      return null;
    }
    BigDecimal write5m =
        orAtLeast("cacheWrite5m", tokens.cacheWrite5m(), prices.cacheWrite5m(), input);
    BigDecimal write1h =
        orAtLeast(
            "cacheWrite1h", tokens.cacheWrite1h(), prices.cacheWrite1h(), dearer(write5m, input));
    BigDecimal sum = plus(BigDecimal.ZERO, tokens.uncachedInput(), input);
    sum = plus(sum, tokens.cacheRead(), prices.cacheRead() == null ? input : prices.cacheRead());
    sum = plus(sum, tokens.cacheWrite5m(), write5m);
    sum = plus(sum, tokens.cacheWrite1h(), write1h);
    sum =
        plus(
            sum,
            tokens.audioInput(),
            orAtLeast("audioInput", tokens.audioInput(), prices.audioInput(), input));
    sum = plus(sum, tokens.textOutput(), output);
    sum = plus(sum, tokens.reasoning(), output);
    return plus(
        sum,
        tokens.audioOutput(),
        orAtLeast("audioOutput", tokens.audioOutput(), prices.audioOutput(), output));
  }

  private @Nullable BigDecimal orAtLeast(
      String name, long tokens, @Nullable BigDecimal price, @Nullable BigDecimal least) {
    if (tokens > 0 && price == null) {
      lowerBound = true;
      reasons.because(
          "no price of %s is known; counted at $%s, the least it can be: lower bound", name, least);
    } else if (tokens > 0 && derived.contains(name)) {
      reasons.because(
          "the price of %s, $%s, follows from the input price by the provider's documented factor",
          name, price);
    }
    return price == null ? least : price;
  }

  private static @Nullable BigDecimal dearer(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.max(other);
  }

  private static BigDecimal plus(BigDecimal sum, long tokens, @Nullable BigDecimal price) {
    return price == null || tokens == 0 ? sum : sum.add(price.multiply(BigDecimal.valueOf(tokens)));
  }
}
