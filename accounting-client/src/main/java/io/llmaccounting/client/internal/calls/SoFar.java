package io.llmaccounting.client.internal.calls;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import org.jspecify.annotations.Nullable;

/** What has come of an answer until now. Guarded by the lock of the call. */
final class SoFar {
  /** English text has about so many characters for a token. */
  private static final long CHARACTERS = 4;

  private boolean begun;
  private @Nullable TokenUsage tokens;
  private long characters;
  private long charactersTold;

  void begin() {
    begun = true;
  }

  void tokens(TokenUsage soFar) {
    begun = true;
    tokens = soFar;
    charactersTold = characters;
  }

  void characters(long soFar) {
    if (soFar < 0) {
      throw new IllegalArgumentException("characters must not be negative, was " + soFar);
    }
    begun = true;
    characters = Math.max(characters, soFar);
  }

  /** The tokens that were told, and an estimate of the text that came since. */
  TokenUsage withText(CallRequest request) {
    Long input = request.inputTokens();
    TokenUsage told = tokens == null ? TokenUsage.of(input == null ? 0 : input, 0) : tokens;
    long text = (characters - charactersTold + CHARACTERS - 1) / CHARACTERS;
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

  /** {@code usage}, and where nobody told its tokens those that are known otherwise. */
  Usage complete(Usage usage, CallRequest request) {
    if (usage.tokens() != null || (usage.outcome() == Outcome.FAILED && !begun)) {
      return usage;
    }
    if (characters > charactersTold) {
      return with(usage, withText(request), TokenSource.ESTIMATED);
    }
    if (tokens != null) {
      return with(usage, tokens, TokenSource.PARTIAL);
    }
    Long input = request.inputTokens();
    Long output = request.maxOutputTokens();
    return input == null && output == null
        ? usage
        : with(
            usage,
            TokenUsage.of(input == null ? 0 : input, output == null ? 0 : output),
            TokenSource.ESTIMATED);
  }

  private static Usage with(Usage usage, TokenUsage tokens, TokenSource source) {
    return usage.withFigures(CallFigures.of(usage).withTokens(tokens, source));
  }
}
