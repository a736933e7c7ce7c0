package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.quota.HeldFigures;
import io.llmaccounting.internal.quota.TextSizes;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.function.Predicate;

/** Works out what is known of a call whose tokens nobody told. Safe for use by many threads. */
final class KnownFigures {
  private final Pricing pricing;
  private final TextSizes sizes = new TextSizes();

  /** Uses {@code pricing} for the cost. */
  KnownFigures(Pricing pricing) {
    this.pricing = pricing;
  }

  /** The tokens that were told, and an estimate for the text that came since. */
  TokenUsage withText(SoFar seen, HeldFigures held) {
    TokenUsage told = seen.tokens();
    if (told == null) {
      // the input is known best by whoever asked for the hold
      told = TokenUsage.of(held.input(), 0);
    }
    long text = sizes.tokens(seen.model(), seen.charactersSince());
    return new TokenUsage(
        told.uncachedInput(),
        told.cacheRead(),
        told.cacheWrite5m(),
        told.cacheWrite1h(),
        told.audioInput(),
        Math.min(TokenUsage.MAX_PART, told.textOutput() + Math.min(TokenUsage.MAX_PART, text)),
        told.reasoning(),
        told.audioOutput(),
        null);
  }

  /**
   * Completes {@code usage} where nobody told its tokens. Tokens that were told last are PARTIAL;
   * with text that came since they are ESTIMATED. Where neither came, the tokens held for the call
   * are ESTIMATED. A call that failed before anything came is left without tokens.
   */
  Usage completed(Usage usage, SoFar seen, HeldFigures held) {
    return completed(usage, seen, held, this::isPriced);
  }

  private boolean isPriced(Usage usage) {
    return PricedCall.of(usage).flatMap(pricing::price).isPresent();
  }

  /** Completes {@code usage} as {@link #completed} does where no price is known; asks for none. */
  Usage completedWithoutPrices(Usage usage, SoFar seen, HeldFigures held) {
    return completed(usage, seen, held, estimated -> false);
  }

  private Usage completed(Usage usage, SoFar seen, HeldFigures held, Predicate<Usage> isPriced) {
    if (usage.tokens() != null || (usage.outcome() == Outcome.FAILED && !seen.hasBegun())) {
      return usage;
    }
    TokenUsage told = seen.tokens();
    if (told != null && seen.charactersSince() == 0) {
      return with(usage, told, TokenSource.PARTIAL);
    }
    TokenUsage tokens = seen.charactersSince() > 0 ? withText(seen, held) : held.tokens();
    if (tokens == null) {
      return usage.withComputedCost(held.cost());
    }
    Usage estimated = with(usage, tokens, TokenSource.ESTIMATED);
    return isPriced.test(estimated) ? estimated : estimated.withComputedCost(held.cost());
  }

  private static Usage with(Usage usage, TokenUsage tokens, TokenSource source) {
    return usage.withFigures(CallFigures.of(usage).withTokens(tokens, source));
  }

  /** Learns from a complete answer how much text a token is. */
  void learn(Usage usage, SoFar seen) {
    TokenUsage tokens = usage.tokens();
    if (tokens != null && usage.source() == TokenSource.REPORTED && seen.characters() > 0) {
      sizes.learn(usage.model(), seen.characters(), tokens.textOutput());
    }
  }
}
