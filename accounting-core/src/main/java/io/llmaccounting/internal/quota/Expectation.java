package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.usage.Cost;
import org.jspecify.annotations.Nullable;

/**
 * What a call is expected to consume.
 *
 * @param inputTokens input tokens
 * @param outputTokens output tokens
 * @param cost the cost, null where nobody can tell
 */
public record Expectation(long inputTokens, long outputTokens, @Nullable Cost cost) {
  /** The amount of a call that a limit denies because its cost cannot be told. */
  public static final long UNPRICED = -1;

  /** What a hold was taken for. */
  public static Expectation of(HoldRecord.Expected expected) {
    return new Expectation(expected.inputTokens(), expected.outputTokens(), expected.cost());
  }

  /** The same, to be stored with a hold. */
  public HoldRecord.Expected toExpected() {
    return new HoldRecord.Expected(inputTokens, outputTokens, cost);
  }

  /** What the call asks of {@code limit}, or {@link #UNPRICED}. */
  public long of(Limit limit) {
    return switch (limit.metric()) {
      case REQUESTS -> 1;
      case INPUT_TOKENS -> inputTokens;
      case OUTPUT_TOKENS -> outputTokens;
      case TOTAL_TOKENS -> Math.addExact(inputTokens, outputTokens);
      case COST -> cost != null ? cost.nanos() : unpriced(limit.unpriced());
    };
  }

  private static long unpriced(UnpricedPolicy policy) {
    return policy.kind() == UnpricedPolicy.Kind.DENY ? UNPRICED : policy.ceiling().nanos();
  }
}
