package io.llmaccounting.cli.calls;

import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what a call consumed. */
public final class TokenOptions {
  enum Cache {
    EXCLUDED,
    INCLUDED
  }

  @Option(
      names = "--input-tokens",
      paramLabel = "N",
      description = "Tokens of input, audio included.")
  @Nullable Long input;

  @Option(
      names = "--output-tokens",
      paramLabel = "N",
      description = "Tokens of output, reasoning and audio included.")
  @Nullable Long output;

  @Option(
      names = "--cache-read-tokens",
      paramLabel = "N",
      description = "Tokens of input that were read from a cache; needs --cache.")
  @Nullable Long cacheRead;

  @Option(
      names = "--cached-tokens",
      paramLabel = "N",
      description =
          "Tokens of input that were read from a cache, included in --input-tokens unless --cache"
              + " says otherwise.")
  @Nullable Long cached;

  @Option(
      names = "--cache-write-tokens",
      paramLabel = "N",
      description = "Tokens of input that were written to a cache for minutes; needs --cache.")
  @Nullable Long cacheWrite;

  @Option(
      names = "--cache-write-1h-tokens",
      paramLabel = "N",
      description = "Tokens of input that were written to a cache for an hour; needs --cache.")
  @Nullable Long cacheWriteLong;

  @Option(
      names = "--cache",
      paramLabel = "excluded|included",
      description =
          "Whether --input-tokens include the tokens of caches, as OpenAI, Gemini and"
              + " OpenTelemetry count, or exclude them, as Anthropic and Bedrock do.")
  @Nullable Cache cache;

  @Option(
      names = "--reasoning-tokens",
      paramLabel = "N",
      description = "Tokens of output that were reasoning.")
  @Nullable Long reasoning;

  @Option(
      names = "--total-tokens",
      paramLabel = "N",
      description =
          "The total that the provider reported. It is stored for comparison and never added.")
  @Nullable Long total;

  /** The tokens that were given; null where none were, which is not the same as zero. */
  public @Nullable TokenUsage tokens() {
    if (input == null && output == null) {
      refuseAlone();
      return null;
    }
    TokenSplit split =
        convention() == Cache.INCLUDED ? TokenUsage.cacheIncluded() : TokenUsage.cacheExcluded();
    split
        .input(orZero(input))
        .cacheRead(cacheRead != null ? cacheRead : orZero(cached))
        .cacheWrite5m(orZero(cacheWrite))
        .cacheWrite1h(orZero(cacheWriteLong))
        .output(orZero(output))
        .reasoning(orZero(reasoning));
    return total == null ? split.build() : split.reportedTotal(total).build();
  }

  private void refuseAlone() {
    boolean parts = cacheRead != null || cached != null || cacheWrite != null;
    if (parts || cacheWriteLong != null || reasoning != null || total != null) {
      throw new IllegalArgumentException(
          "parts and totals of tokens must come with --input-tokens or --output-tokens, came"
              + " alone");
    }
  }

  private Cache convention() {
    if (cacheRead != null && cached != null) {
      throw new IllegalArgumentException(
          "tokens read from a cache must be given once, as --cache-read-tokens or --cached-tokens");
    }
    if (cache != null) {
      return cache;
    }
    if (cacheRead != null || cacheWrite != null || cacheWriteLong != null) {
      throw new IllegalArgumentException(
          "--cache must be given with tokens of caches: 'included' where --input-tokens count them,"
              + " 'excluded' where they come on top");
    }
    return Cache.INCLUDED;
  }

  private static long orZero(@Nullable Long tokens) {
    return tokens == null ? 0 : tokens;
  }
}
