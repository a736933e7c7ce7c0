package io.llmaccounting.internal.calls;

import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What has come of an answer while its call runs. Confined to one thread at a time.
 *
 * <p>Text that came after the tokens were last told is not in them yet.
 */
final class SoFar {
  private final String model;
  private boolean begun;
  private @Nullable TokenUsage tokens;
  private long characters;
  private long charactersTold;

  /** Begins with nothing of an answer of {@code model}. */
  public SoFar(String model) {
    this.model = model;
  }

  /** A copy of what has come until now, which changes no more. */
  SoFar copy() {
    SoFar copy = new SoFar(model);
    copy.begun = begun;
    copy.tokens = tokens;
    copy.characters = characters;
    copy.charactersTold = charactersTold;
    return copy;
  }

  /** The model that was asked. */
  String model() {
    return model;
  }

  /** The answer has begun. */
  public void begin() {
    begun = true;
  }

  /** Says how many tokens have come, all of them. */
  public void tokens(TokenUsage soFar) {
    begun = true;
    tokens = soFar;
    charactersTold = characters;
  }

  /** Says how many characters of text have come, all of them. */
  public void characters(long soFar) {
    if (soFar < 0) {
      throw new IllegalArgumentException("characters must not be negative, was " + soFar);
    }
    begun = true;
    characters = Math.max(characters, soFar);
  }

  /** True if anything of the answer has come. */
  boolean hasBegun() {
    return begun;
  }

  /** The tokens last told, or null. */
  @Nullable TokenUsage tokens() {
    return tokens;
  }

  /** All characters that have come. */
  long characters() {
    return characters;
  }

  /** Characters that have come since tokens were told. */
  long charactersSince() {
    return characters - charactersTold;
  }
}
