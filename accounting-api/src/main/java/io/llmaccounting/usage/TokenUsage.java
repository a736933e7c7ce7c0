package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that one call consumed, in parts that never overlap; totals are derived from them.
 *
 * <p>"Input tokens" means two things in this field: OpenAI, Gemini and OpenTelemetry count cached
 * tokens inside, Anthropic and Bedrock beside it. So cache tokens can only be given together with
 * the convention: {@link #cacheIncluded()} or {@link #cacheExcluded()}. Both lead to the same
 * parts.
 *
 * @param uncachedInput text input that was neither read from nor written to a cache
 * @param cacheRead input read from the provider's prompt cache
 * @param cacheWrite5m input written to a cache that lives for 5 minutes (the default kind)
 * @param cacheWrite1h input written to a cache that lives for 1 hour
 * @param audioInput audio input
 * @param textOutput output that is neither reasoning nor audio
 * @param reasoning output spent on reasoning ("thinking")
 * @param audioOutput audio output
 * @param reportedTotal the total as the provider reported it, null where it reported none; kept for
 *     comparison, never counted
 */
public record TokenUsage(
    long uncachedInput,
    long cacheRead,
    long cacheWrite5m,
    long cacheWrite1h,
    long audioInput,
    long textOutput,
    long reasoning,
    long audioOutput,
    @Nullable Long reportedTotal) {

  /** The most tokens that one part of one call may have: 10<sup>12</sup>. */
  public static final long MAX_PART = 1_000_000_000_000L;

  /** So many characters make a token where nobody learned better: English prose in most models. */
  public static final int CHARACTERS_PER_TOKEN = 4;

  /** No tokens at all. Not the same as unknown tokens, which are absent. */
  public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, 0, 0, 0, null);

  /** Checks that no part is negative. */
  public TokenUsage {
    Check.range("uncachedInput", uncachedInput, 0, Long.MAX_VALUE);
    Check.range("cacheRead", cacheRead, 0, Long.MAX_VALUE);
    Check.range("cacheWrite5m", cacheWrite5m, 0, Long.MAX_VALUE);
    Check.range("cacheWrite1h", cacheWrite1h, 0, Long.MAX_VALUE);
    Check.range("audioInput", audioInput, 0, Long.MAX_VALUE);
    Check.range("textOutput", textOutput, 0, Long.MAX_VALUE);
    Check.range("reasoning", reasoning, 0, Long.MAX_VALUE);
    Check.range("audioOutput", audioOutput, 0, Long.MAX_VALUE);
    Check.optionalRange("reportedTotal", reportedTotal, 0, Long.MAX_VALUE);
  }

  /** Tokens of a call that used no cache, no audio and reported no reasoning. */
  public static TokenUsage of(long inputTokens, long outputTokens) {
    Check.range("inputTokens", inputTokens, 0, MAX_PART);
    Check.range("outputTokens", outputTokens, 0, MAX_PART);
    return new TokenUsage(inputTokens, 0, 0, 0, 0, outputTokens, 0, 0, null);
  }

  /**
   * Starts from figures whose input <em>includes</em> cached tokens (OpenAI, Gemini,
   * OpenTelemetry).
   */
  public static TokenSplit cacheIncluded() {
    return new TokenSplit(true);
  }

  /** Starts from figures whose input <em>excludes</em> cached tokens (Anthropic, Bedrock). */
  public static TokenSplit cacheExcluded() {
    return new TokenSplit(false);
  }

  /** All input: uncached, cache reads, cache writes and audio. */
  public long input() {
    return Saturated.sum(
        Saturated.sum(uncachedInput, audioInput), Saturated.sum(cacheRead, cacheWrite()));
  }

  /** All input written to a cache, whatever its lifetime. */
  public long cacheWrite() {
    return Saturated.sum(cacheWrite5m, cacheWrite1h);
  }

  /** All output: text, reasoning and audio. */
  public long output() {
    return Saturated.sum(Saturated.sum(textOutput, reasoning), audioOutput);
  }

  /**
   * Input plus output, from the parts; see {@link #reportedTotal()} for the provider's own figure.
   */
  public long total() {
    return Saturated.sum(input(), output());
  }

  /** True if the provider reported a total that its own parts do not add up to. */
  public boolean contradictsReportedTotal() {
    return reportedTotal != null && reportedTotal != total();
  }

  /**
   * Part by part sum; the reported totals are left out. A sum that no long can hold is {@link
   * Long#MAX_VALUE}.
   */
  public TokenUsage plus(TokenUsage other) {
    return new TokenUsage(
        Saturated.sum(uncachedInput, other.uncachedInput),
        Saturated.sum(cacheRead, other.cacheRead),
        Saturated.sum(cacheWrite5m, other.cacheWrite5m),
        Saturated.sum(cacheWrite1h, other.cacheWrite1h),
        Saturated.sum(audioInput, other.audioInput),
        Saturated.sum(textOutput, other.textOutput),
        Saturated.sum(reasoning, other.reasoning),
        Saturated.sum(audioOutput, other.audioOutput),
        null);
  }
}
