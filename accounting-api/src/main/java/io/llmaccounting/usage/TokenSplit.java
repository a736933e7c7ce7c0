package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import org.jspecify.annotations.Nullable;

/**
 * Splits what a provider reported into the disjoint parts of {@link TokenUsage}. A part that is not
 * given is 0.
 *
 * <p>An impossible split (more cached than input, more reasoning than output) is refused with both
 * numbers named, never clamped. Confined to one thread.
 */
public final class TokenSplit {
  private final boolean cacheInsideInput;
  private long input;
  private long cacheRead;
  private long cacheWrite5m;
  private long cacheWrite1h;
  private long audioInput;
  private long output;
  private long reasoning;
  private long audioOutput;
  private @Nullable Long reportedTotal;

  TokenSplit(boolean cacheInsideInput) {
    this.cacheInsideInput = cacheInsideInput;
  }

  /** Input as the provider counts it: with or without cached tokens, as this split was started. */
  public TokenSplit input(long tokens) {
    this.input = Check.range("inputTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** Input read from the prompt cache. */
  public TokenSplit cacheRead(long tokens) {
    this.cacheRead = Check.range("cacheReadTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** Input written to a cache that lives for 5 minutes; also where no lifetime is reported. */
  public TokenSplit cacheWrite5m(long tokens) {
    this.cacheWrite5m = Check.range("cacheWrite5mTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** Input written to a cache that lives for 1 hour. */
  public TokenSplit cacheWrite1h(long tokens) {
    this.cacheWrite1h = Check.range("cacheWrite1hTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** Audio input, counted inside input. */
  public TokenSplit audioInput(long tokens) {
    this.audioInput = Check.range("audioInputTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** All output, reasoning and audio included. */
  public TokenSplit output(long tokens) {
    this.output = Check.range("outputTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** Reasoning, counted inside output. */
  public TokenSplit reasoning(long tokens) {
    this.reasoning = Check.range("reasoningTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** Audio output, counted inside output. */
  public TokenSplit audioOutput(long tokens) {
    this.audioOutput = Check.range("audioOutputTokens", tokens, 0, TokenUsage.MAX_PART);
    return this;
  }

  /** The total that the provider reported, kept beside the parts. */
  public TokenSplit reportedTotal(long tokens) {
    this.reportedTotal = Check.range("reportedTotal", tokens, 0, 4 * TokenUsage.MAX_PART);
    return this;
  }

  /**
   * The disjoint parts.
   *
   * @throws IllegalArgumentException if the figures contradict one another
   */
  public TokenUsage build() {
    long cached = cacheRead + cacheWrite5m + cacheWrite1h;
    long inside = audioInput + (cacheInsideInput ? cached : 0);
    if (inside > input) {
      throw new IllegalArgumentException(
          "inputTokens (%d) must include cached and audio tokens (%d): %s"
              .formatted(
                  input,
                  inside,
                  cacheInsideInput
                      ? "if the provider counts cached tokens beside input, use cacheExcluded()"
                      : "audio tokens are part of input"));
    }
    if (reasoning + audioOutput > output) {
      throw new IllegalArgumentException(
          "outputTokens (%d) must include reasoning and audio tokens (%d): add them first where the provider counts them beside output"
              .formatted(output, reasoning + audioOutput));
    }
    return new TokenUsage(
        input - inside,
        cacheRead,
        cacheWrite5m,
        cacheWrite1h,
        audioInput,
        output - reasoning - audioOutput,
        reasoning,
        audioOutput,
        reportedTotal);
  }
}
