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
 * @param guess which of these figures the caller did not state
 */
public record Expectation(long inputTokens, long outputTokens, @Nullable Cost cost, Guess guess) {
  /** The amount of a call that a limit denies because its cost cannot be told. */
  public static final long UNPRICED = -1;

  private static final long SHARE = 10;

  /**
   * Which figures were guessed.
   *
   * @param input whether the input tokens were guessed
   * @param output whether the output tokens were guessed
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

  /** The expectation that a hold was taken for. */
  public static Expectation of(HoldRecord.Expected expected) {
    return new Expectation(expected.inputTokens(), expected.outputTokens(), expected.cost());
  }

  /** Makes the form of this that is stored with a hold. */
  public HoldRecord.Expected toExpected() {
    return new HoldRecord.Expected(inputTokens, outputTokens, cost);
  }

  /**
   * The amount that the call asks of {@code limit}, or {@link #UNPRICED}. The guessed part is a
   * tenth of the limit at most, and no more than the limit could ever hold besides the stated part.
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

  /** The part of the amount asked of {@code limit} that the caller stated, or {@link #UNPRICED}. */
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

  // weights are applied as prices are: as if nothing came from a cache
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
