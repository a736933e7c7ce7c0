package io.llmaccounting.json;

import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens as fields of a line, in OpenTelemetry's sense: input includes what was read from and
 * written to caches (for 5 minutes and for an hour, side by side) and audio, output includes
 * reasoning and audio. Parts that are 0 may be left out.
 */
final class TokenLine {
  private static final String[] PARTS = {
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "audio_input_tokens",
    "reasoning_tokens",
    "audio_output_tokens"
  };

  /** Five parts of input, each at its most. */
  private static final long MOST = 5 * TokenUsage.MAX_PART;

  private TokenLine() {}

  static void write(JsonWriter to, Usage usage) throws IOException {
    write(to, usage.tokens());
    to.word("source", usage.source())
        .number("local_input_tokens", usage.localInputTokens())
        .number("local_output_tokens", usage.localOutputTokens());
  }

  static void write(JsonWriter to, @Nullable TokenUsage tokens) throws IOException {
    if (tokens != null) {
      to.number("input_tokens", tokens.input())
          .count("cache_read_tokens", tokens.cacheRead())
          .count("cache_write_tokens", tokens.cacheWrite5m())
          .count("cache_write_1h_tokens", tokens.cacheWrite1h())
          .count("audio_input_tokens", tokens.audioInput())
          .number("output_tokens", tokens.output())
          .count("reasoning_tokens", tokens.reasoning())
          .count("audio_output_tokens", tokens.audioOutput())
          .number("total_tokens", tokens.reportedTotal());
    }
  }

  /** The tokens, or null where the line has none. */
  static @Nullable TokenUsage read(JsonFields line) {
    Long input = line.optionalNumber("input_tokens");
    Long output = line.optionalNumber("output_tokens");
    Long total = line.optionalNumber("total_tokens");
    long[] parts = new long[PARTS.length];
    for (int i = 0; i < PARTS.length; i++) {
      Long part = line.optionalNumber(PARTS[i]);
      if (part != null && input == null && output == null) {
        throw new IllegalArgumentException(
            PARTS[i] + " must come with input_tokens and output_tokens, was " + part);
      }
      parts[i] = part == null ? 0 : inRange(PARTS[i], part);
    }
    if (input == null && output == null) {
      if (total != null) {
        throw new IllegalArgumentException(
            "total_tokens must come with input_tokens and output_tokens, was " + total);
      }
      return null;
    }
    return split(
        input == null ? 0 : inRange("input_tokens", input),
        output == null ? 0 : inRange("output_tokens", output),
        parts,
        total);
  }

  private static long inRange(String name, long tokens) {
    if (tokens < 0 || tokens > MOST) {
      throw new IllegalArgumentException(
          "%s must be from 0 to %d, was %d".formatted(name, MOST, tokens));
    }
    return tokens;
  }

  private static TokenUsage split(long input, long output, long[] parts, @Nullable Long total) {
    long inside = parts[0] + parts[1] + parts[2] + parts[3];
    long uncached = rest("input_tokens", input, "cached and audio tokens", inside);
    long text = rest("output_tokens", output, "reasoning and audio tokens", parts[4] + parts[5]);
    return new TokenUsage(
        uncached, parts[0], parts[1], parts[2], parts[3], text, parts[4], parts[5], total);
  }

  private static long rest(String whole, long total, String part, long inside) {
    if (inside > total) {
      throw new IllegalArgumentException(
          "%s (%d) must include %s (%d)".formatted(whole, total, part, inside));
    }
    return total - inside;
  }
}
