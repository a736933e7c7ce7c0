package io.llmaccounting.internal.quota;

import io.llmaccounting.usage.TokenUsage;

/**
 * How many tokens a text of a model's is likely to be: {@link TokenUsage#CHARACTERS_PER_TOKEN} to
 * each, until complete answers of the model have told more exactly. Safe for use by many threads.
 */
public final class TextSizes {
  private static final long ENOUGH_TOKENS = 1_000;
  private static final long MANY_TOKENS = 1_000_000;
  private static final long MOST_CHARACTERS = 16;
  private static final int MOST_MODELS = 1_000;

  private final RecentValues<String, Seen> models = new RecentValues<>(MOST_MODELS);

  private record Seen(long characters, long tokens) {
    // older answers count less and less
    Seen plus(Seen more) {
      int share = tokens > MANY_TOKENS ? 2 : 1;
      return new Seen(characters / share + more.characters, tokens / share + more.tokens);
    }
  }

  /** Learns that a complete answer of {@code model} had so many characters in so many tokens. */
  public void learn(String model, long characters, long tokens) {
    boolean plausible = characters >= tokens && characters / MOST_CHARACTERS <= tokens;
    if (tokens > 0 && tokens <= MANY_TOKENS && plausible) {
      models.merge(model, new Seen(characters, tokens), Seen::plus);
    }
  }

  /** The tokens of a text of so many characters, rounded up. */
  public long tokens(String model, long characters) {
    Seen seen = models.get(model);
    if (seen == null || seen.tokens < ENOUGH_TOKENS) {
      long whole = characters / TokenUsage.CHARACTERS_PER_TOKEN;
      return characters % TokenUsage.CHARACTERS_PER_TOKEN == 0 ? whole : whole + 1;
    }
    // computed in parts, so that a long can hold it: an answer has no more tokens than characters
    long whole = characters / seen.characters * seen.tokens;
    long rest = characters % seen.characters * seen.tokens;
    return whole + (rest + seen.characters - 1) / seen.characters;
  }
}
