package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what the counts of a shape include. Where a total is reported and only another reading adds
 * up to it, that reading holds; parts below a reported total are a lower bound, parts above it are
 * refused. Without a total, they are a lower bound where something that looks like tokens was not
 * read.
 *
 * @param cacheInside whether input includes cached tokens
 * @param reasoningInside whether output includes reasoning
 * @param toolsInside whether input includes the input of tools
 * @param needsOutput whether usage without a count of output is not all of it
 */
record Convention(
    boolean cacheInside, boolean reasoningInside, boolean toolsInside, boolean needsOutput) {
  /** The convention of OpenAI: everything is counted inside. */
  static final Convention INSIDE = new Convention(true, true, true, true);

  /** The convention of Anthropic: cached tokens are counted beside input. */
  static final Convention CACHE_BESIDE = new Convention(false, true, true, true);

  Convention reasoningBeside() {
    return new Convention(cacheInside, false, toolsInside, needsOutput);
  }

  Convention toolsBeside() {
    return new Convention(cacheInside, reasoningInside, false, needsOutput);
  }

  Convention withoutOutput() {
    return new Convention(cacheInside, reasoningInside, toolsInside, false);
  }

  /**
   * The disjoint parts.
   *
   * @throws IllegalArgumentException if there are no counts, or they contradict one another
   */
  TokenReading read(UsageCounts counts) {
    if (!counts.has(Count.INPUT)) {
      throw new IllegalArgumentException("usage must have a count of input");
    }
    Long total = counts.optional(Count.TOTAL);
    if (total != null) {
      for (Convention other : all()) {
        TokenReading reading = other.matching(counts, total);
        if (reading != null) {
          return checked(reading, counts);
        }
      }
    }
    TokenReading reading = split(counts);
    if (total != null && total < reading.tokens().total()) {
      throw new IllegalArgumentException(
          "parts (%d) must not exceed their total (%d)".formatted(reading.tokens().total(), total));
    }
    if (total == null && counts.disputed()) {
      throw new IllegalArgumentException("two counts of the same must not differ");
    }
    boolean whole =
        total == null && !counts.mayHaveMore() && (counts.has(Count.OUTPUT) || !needsOutput);
    return checked(new TokenReading(reading.tokens(), whole, reading.exact()), counts);
  }

  /** Another total that is not the same one means that something was not understood. */
  private static TokenReading checked(TokenReading reading, UsageCounts counts) {
    TokenUsage tokens = reading.tokens();
    boolean fits = counts.otherTotals().stream().allMatch(total -> total == tokens.total());
    return new TokenReading(tokens, reading.whole() && fits, reading.exact());
  }

  private Set<Convention> all() {
    Set<Convention> all = new LinkedHashSet<>();
    for (boolean cache : new boolean[] {cacheInside, !cacheInside}) {
      for (boolean reasoning : new boolean[] {reasoningInside, !reasoningInside}) {
        for (boolean tools : new boolean[] {toolsInside, !toolsInside}) {
          all.add(new Convention(cache, reasoning, tools, needsOutput));
        }
      }
    }
    return all;
  }

  private @Nullable TokenReading matching(UsageCounts counts, long total) {
    try {
      TokenReading reading = split(counts);
      return reading.tokens().total() == total ? reading : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private TokenReading split(UsageCounts counts) {
    long input = counts.get(Count.INPUT) + (toolsInside ? 0 : counts.get(Count.TOOL_INPUT));
    long reasoning = counts.get(Count.REASONING);
    long output = counts.get(Count.OUTPUT) + (reasoningInside ? 0 : reasoning);
    long write1h = counts.get(Count.CACHE_WRITE_1H);
    long write5m = write5m(counts);
    long cached = counts.get(Count.CACHE_READ) + write5m + write1h;
    long room = cacheInside ? input - cached : input;
    long audio = counts.get(Count.AUDIO_INPUT);
    boolean shared = audio > 0 && cacheInside && cached > 0;
    if (shared && counts.has(Count.CACHED_AUDIO)) {
      audio -= counts.get(Count.CACHED_AUDIO);
    } else if (shared) {
      // The answer does not say how much of it was cached, so as little as possible is assumed.
      audio = Math.min(audio, Math.max(room, 0));
    }
    TokenSplit split = cacheInside ? TokenUsage.cacheIncluded() : TokenUsage.cacheExcluded();
    split
        .input(input)
        .cacheRead(counts.get(Count.CACHE_READ))
        .cacheWrite5m(write5m)
        .cacheWrite1h(write1h)
        .audioInput(audio)
        .output(output)
        .reasoning(reasoning)
        .audioOutput(counts.get(Count.AUDIO_OUTPUT));
    Long total = counts.optional(Count.TOTAL);
    TokenUsage tokens = total == null ? split.build() : split.reportedTotal(total).build();
    return new TokenReading(tokens, true, !shared || counts.has(Count.CACHED_AUDIO));
  }

  private static long write5m(UsageCounts counts) {
    long write1h = counts.get(Count.CACHE_WRITE_1H);
    long write5m = counts.get(Count.CACHE_WRITE_5M);
    long written = counts.get(Count.CACHE_WRITE);
    if (!counts.has(Count.CACHE_WRITE) || (written == 0 && write5m + write1h > 0)) {
      return write5m;
    }
    if (written < write5m + write1h) {
      throw new IllegalArgumentException(
          "cache writes (%d) must include those of each lifetime (%d)"
              .formatted(written, write5m + write1h));
    }
    return written - write1h;
  }
}
