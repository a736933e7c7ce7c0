package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.Objects;
import java.util.Optional;

/** Works out how much a record charges a limit, in the limit's unit. */
public final class Charges {
  private Charges() {}

  /**
   * The amount that {@code recorded} charges. Unknown tokens charge nothing; an unknown cost
   * charges what the limit says. An answer from a cache charges nothing at all.
   */
  public static long of(Limit limit, RecordedUsage recorded) {
    return of(limit, recorded.current(), recorded.cost());
  }

  /** The amount that a record charges which the ledger does not have yet. */
  public static long of(Limit limit, Usage usage, Optional<Cost> cost) {
    if (usage.isFromCache()) {
      return 0;
    }
    TokenUsage tokens = usage.tokens();
    return switch (limit.metric()) {
      case REQUESTS -> 1;
      case INPUT_TOKENS -> tokens == null ? 0 : tokens.input();
      case UNCACHED_INPUT_TOKENS -> tokens == null ? 0 : uncached(tokens);
      case OUTPUT_TOKENS -> tokens == null ? 0 : tokens.output();
      case TOTAL_TOKENS -> tokens == null ? 0 : tokens.total();
      case WEIGHTED_TOKENS -> tokens == null ? 0 : weights(limit).of(tokens);
      case CONCURRENT -> 0;
      case COST -> cost(limit.unpriced(), cost);
    };
  }

  private static long uncached(TokenUsage tokens) {
    return Saturated.sum(
        Saturated.sum(tokens.uncachedInput(), tokens.audioInput()), tokens.cacheWrite());
  }

  /** The weights that a limit on weighted tokens has. */
  static TokenWeights weights(Limit limit) {
    return Objects.requireNonNull(limit.weights(), "a limit on weighted tokens has weights");
  }

  private static long cost(UnpricedPolicy policy, Optional<Cost> cost) {
    return cost.orElse(policy.ceiling()).nanos();
  }
}
