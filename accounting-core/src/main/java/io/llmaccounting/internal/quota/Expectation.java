package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What a call is expected to consume.
 *
 * @param inputTokens input tokens
 * @param outputTokens output tokens
 * @param cost the cost, null where nobody can tell
 * @param guess which of it the caller did not state
 */
public record Expectation(long inputTokens, long outputTokens, @Nullable Cost cost, Guess guess) {
  /** The amount of a call that a limit denies because its cost cannot be told. */
  public static final long UNPRICED = -1;

  private static final long SHARE = 10;

  /**
   * What was guessed.
   *
   * @param input whether the input tokens were
   * @param output whether the output tokens were
   * @param statedCost the cost without what was guessed, nano-dollars
   */
  public record Guess(boolean input, boolean output, long statedCost) {
    /** Nothing. */
    public static final Guess NOTHING = new Guess(false, false, Long.MAX_VALUE);
  }

  /** What a caller stated. */
  public Expectation(long inputTokens, long outputTokens, @Nullable Cost cost) {
    this(inputTokens, outputTokens, cost, Guess.NOTHING);
  }

  /** What a hold was taken for. */
  public static Expectation of(HoldRecord.Expected expected) {
    return new Expectation(expected.inputTokens(), expected.outputTokens(), expected.cost());
  }

  /** Makes what is stored with a hold. */
  public HoldRecord.Expected toExpected() {
    return new HoldRecord.Expected(inputTokens, outputTokens, cost);
  }

  /**
   * What the call asks of {@code limit}, or {@link #UNPRICED}. What is guessed of it is a tenth of
   * the limit at most, and no more than the limit could ever hold beside what was stated.
   */
  public long of(Limit limit) {
    long whole = whole(limit);
    long stated = stated(limit);
    if (whole <= stated) {
      return whole;
    }
    long most = Math.max(1, limit.maximum() / SHARE);
    long room = Math.max(0, limit.maximum() - Math.min(limit.maximum(), stated));
    return stated + Math.min(whole - stated, Math.min(most, room));
  }

  /** What the caller stated of what the call asks of {@code limit}, or {@link #UNPRICED}. */
  public long stated(Limit limit) {
    long input = guess.input() ? 0 : inputTokens;
    long output = guess.output() ? 0 : outputTokens;
    return switch (limit.metric()) {
      case REQUESTS, CONCURRENT -> 1;
      case INPUT_TOKENS, UNCACHED_INPUT_TOKENS -> input;
      case OUTPUT_TOKENS -> output;
      case TOTAL_TOKENS -> Saturated.sum(input, output);
      case WEIGHTED_TOKENS -> weighted(limit, input, output);
      case COST -> cost != null ? Math.min(guess.statedCost(), cost.nanos()) : whole(limit);
    };
  }

  private long whole(Limit limit) {
    return switch (limit.metric()) {
      case REQUESTS, CONCURRENT -> 1;
      case INPUT_TOKENS, UNCACHED_INPUT_TOKENS -> inputTokens;
      case OUTPUT_TOKENS -> outputTokens;
      case TOTAL_TOKENS -> Saturated.sum(inputTokens, outputTokens);
      case WEIGHTED_TOKENS -> weighted(limit, inputTokens, outputTokens);
      case COST -> cost != null ? cost.nanos() : unpriced(limit.unpriced());
    };
  }

  // like prices, as if nothing came from a cache
  private static long weighted(Limit limit, long input, long output) {
    return Charges.weights(limit).of(new TokenUsage(input, 0, 0, 0, 0, output, 0, 0, null));
  }

  /** True if {@code limit} is asked for less than was guessed. */
  public boolean isCutFor(Limit limit) {
    return of(limit) < whole(limit);
  }

  private static long unpriced(UnpricedPolicy policy) {
    return policy.kind() == UnpricedPolicy.Kind.DENY ? UNPRICED : policy.ceiling().nanos();
  }
}
