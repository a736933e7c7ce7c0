package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Cost;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Objects;

/**
 * Works out the cost of a call whose answer has become longer than its cost was stated for. Pure.
 */
public final class OutgrownCost {
  private OutgrownCost() {}

  /**
   * The price of the tokens of {@code sized}. Without prices, the stated cost is raised in
   * proportion to the tokens. The result is never less than was stated.
   *
   * @param sized states a cost, and the tokens that the call has grown to
   * @param first what was expected of the call when the cost was stated
   */
  public static Cost of(Pricing pricing, CallRequest sized, Expectation first, Instant at) {
    Cost stated = Objects.requireNonNull(sized.cost(), "a cost must be stated");
    long input = Objects.requireNonNullElse(sized.inputTokens(), 0L);
    long output = Objects.requireNonNullElse(sized.maxOutputTokens(), 0L);
    Cost priced = Expectations.priced(pricing, sized, input, output, at);
    Cost grown = priced != null ? priced : inProportion(stated, first, input + output);
    return grown.compareTo(stated) > 0 ? grown : stated;
  }

  private static Cost inProportion(Cost stated, Expectation first, long tokens) {
    long before = first.inputTokens() + first.outputTokens();
    if (before == 0) {
      return stated;
    }
    BigInteger nanos =
        BigInteger.valueOf(stated.nanos())
            .multiply(BigInteger.valueOf(tokens))
            .add(BigInteger.valueOf(before - 1))
            .divide(BigInteger.valueOf(before));
    return Cost.ofNanos(nanos.min(BigInteger.valueOf(Cost.MAX_PER_CALL.nanos())).longValueExact());
  }
}
