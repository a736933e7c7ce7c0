package io.llmaccounting.providers.request;

import io.llmaccounting.usage.TokenUsage;

/**
 * How much a request brings to the model.
 *
 * @param bytes bytes of the body
 * @param characters Unicode characters of text that reach the model: messages, instructions, names
 *     and schemas of tools, documents that are text
 * @param tokenIds tokens that are given as numbers
 * @param images images, whatever their size
 * @param audio recordings, whatever their length
 * @param files documents, videos and other files
 * @param moreElsewhere whether more reaches the model than the body shows: an earlier response, a
 *     conversation, a cached content, a stored prompt, an uploaded file
 */
public record RequestSize(
    long bytes,
    long characters,
    long tokenIds,
    long images,
    long audio,
    long files,
    boolean moreElsewhere) {
  /** So many characters make a token where nobody learned better: English prose in most models. */
  public static final double CHARACTERS_PER_TOKEN = TokenUsage.CHARACTERS_PER_TOKEN;

  /**
   * The tokens of its texts, rounded up. Images, recordings and files are not in it.
   *
   * @param charactersPerToken how many characters make a token, more than 0
   * @throws IllegalArgumentException if {@code charactersPerToken} is not a number above 0
   */
  public long textTokens(double charactersPerToken) {
    if (!(charactersPerToken > 0) || Double.isInfinite(charactersPerToken)) {
      throw new IllegalArgumentException(
          "charactersPerToken must be a number above 0, was " + charactersPerToken);
    }
    double tokens = Math.ceil(characters / charactersPerToken) + tokenIds;
    return (long) Math.min(tokens, TokenUsage.MAX_PART);
  }

  /** The tokens of its texts at {@link #CHARACTERS_PER_TOKEN}. */
  public long textTokens() {
    return textTokens(CHARACTERS_PER_TOKEN);
  }
}
