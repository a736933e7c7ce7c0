package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures that a call is booked with where nobody tells what it consumed: those that were held
 * for it. Where limits were asked for only a part of a guess, the figures are no more than that
 * part, so that a guess fills no limit. Confined to one thread.
 */
public final class HeldFigures {
  /** Names the hold as the source of a computed cost, in place of a row of prices. */
  public static final String PRICED_BY = "hold";

  private long input;
  private long output;
  private @Nullable Cost cost;

  private HeldFigures(long input, long output, @Nullable Cost cost) {
    this.input = Math.min(TokenUsage.MAX_PART, input);
    this.output = Math.min(TokenUsage.MAX_PART, output);
    this.cost = cost;
  }

  /** The figures of a call that was admitted under {@code limits}. */
  public static HeldFigures of(Expectation expected, List<LimitStatus> limits) {
    HeldFigures held =
        new HeldFigures(expected.inputTokens(), expected.outputTokens(), expected.cost());
    for (LimitStatus status : limits) {
      if (expected.isCutFor(status.limit())) {
        held.atMost(status.limit(), expected.of(status.limit()));
      }
    }
    return held;
  }

  /** The figures of a hold as it is stored. */
  public static HeldFigures of(HoldRecord hold, LimitIndex limits) {
    HoldRecord.Expected expected = hold.expected();
    HeldFigures held =
        new HeldFigures(expected.inputTokens(), expected.outputTokens(), expected.cost());
    for (HoldRecord.Amount amount : hold.amounts()) {
      StoredLimit limit = limits.byId(amount.counter().limitId());
      if (limit != null) {
        held.atMost(limit.limit(), amount.amount());
      }
    }
    return held;
  }

  private void atMost(Limit limit, long amount) {
    if (limit.maximum() == 0) {
      return;
    }
    switch (limit.metric()) {
      case INPUT_TOKENS, UNCACHED_INPUT_TOKENS -> input = Math.min(input, amount);
      case OUTPUT_TOKENS -> output = Math.min(output, amount);
      case TOTAL_TOKENS -> share(amount, 1, 1);
      case WEIGHTED_TOKENS -> share(amount, weighing(limit, 1, 0), weighing(limit, 0, 1));
      case COST -> cost = cost == null ? null : Cost.ofNanos(Math.min(cost.nanos(), amount));
      case REQUESTS, CONCURRENT -> {}
    }
  }

  private static long weighing(Limit limit, long input, long output) {
    return Charges.weights(limit).of(TokenUsage.of(input, output));
  }

  // the kind of tokens that weighs more is reduced first
  private void share(long total, long inputWeight, long outputWeight) {
    long allInput = input * inputWeight;
    long allOutput = output * outputWeight;
    if (allInput + allOutput <= total) {
      return;
    }
    long smaller = Math.min(Math.min(allInput, allOutput), total / 2);
    boolean moreInput = allInput > allOutput;
    input = fitting(input, moreInput ? total - smaller : smaller, inputWeight);
    output = fitting(output, moreInput ? smaller : total - smaller, outputWeight);
  }

  private static long fitting(long tokens, long room, long weight) {
    return weight == 0 ? tokens : room / weight;
  }

  /** Input tokens. */
  public long input() {
    return input;
  }

  /** The tokens; null where the hold says nothing of them. */
  public @Nullable TokenUsage tokens() {
    return input == 0 && output == 0 ? null : TokenUsage.of(input, output);
  }

  /**
   * The cost; null where nobody could tell it, and where it is zero only because the hold has no
   * tokens.
   */
  public @Nullable PricedCost cost() {
    boolean isOfNothing = tokens() == null && Cost.ZERO.equals(cost);
    return cost == null || isOfNothing ? null : new PricedCost(cost, PRICED_BY);
  }
}
