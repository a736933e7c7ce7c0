package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of an answer that has a model and tokens of its own: a compaction, an advisor, an attempt
 * of another model that was billed. The tokens of a call include those of its parts; what is left
 * is its main model's.
 *
 * @param kind what it was, for instance {@code compaction} or {@code advisor}
 * @param model the model of this part, or null where it is the call's
 * @param provider the provider of this part, or null where it is the call's
 * @param tokens its tokens, which are in those of the call
 * @param price what it cost and by which price, or null where none was found
 */
public record CallPart(
    String kind,
    @Nullable String model,
    @Nullable String provider,
    TokenUsage tokens,
    @Nullable PricedCost price) {
  /** The most parts that one call has. */
  public static final int MOST = 16;

  /** Checks the names and the tokens. */
  public CallPart {
    Check.name("part.kind", kind);
    Check.optionalName("part.model", model);
    Check.optionalName("part.provider", provider);
    Objects.requireNonNull(tokens, "part.tokens is required, was null");
    Usage.checkRanges(tokens);
  }

  /** A part without a price. */
  public static CallPart of(String kind, @Nullable String model, TokenUsage tokens) {
    return new CallPart(kind, model, null, tokens, null);
  }

  /** Returns a copy at a price, or without one where {@code price} is null. */
  public CallPart withPrice(@Nullable PricedCost price) {
    return new CallPart(kind, model, provider, tokens, price);
  }

  static List<CallPart> checked(List<CallPart> parts, @Nullable TokenUsage whole) {
    if (parts.isEmpty()) {
      return List.of();
    }
    Check.range("number of parts", parts.size(), 0, MOST);
    if (whole == null) {
      throw new IllegalArgumentException(
          "parts must come with the tokens of the whole call, were " + parts);
    }
    remainder(whole, parts);
    return List.copyOf(parts);
  }

  static List<CallPart> withoutPrices(List<CallPart> parts) {
    return parts.stream().map(part -> part.withPrice(null)).toList();
  }

  /**
   * The tokens of {@code whole} that belong to no part: those of the main model.
   *
   * @throws IllegalArgumentException if the parts have more tokens of a kind than the whole
   */
  public static TokenUsage remainder(TokenUsage whole, List<CallPart> parts) {
    TokenUsage inside = TokenUsage.NONE;
    for (CallPart part : parts) {
      inside = inside.plus(part.tokens());
    }
    return new TokenUsage(
        rest("uncachedInput", whole.uncachedInput(), inside.uncachedInput()),
        rest("cacheRead", whole.cacheRead(), inside.cacheRead()),
        rest("cacheWrite5m", whole.cacheWrite5m(), inside.cacheWrite5m()),
        rest("cacheWrite1h", whole.cacheWrite1h(), inside.cacheWrite1h()),
        rest("audioInput", whole.audioInput(), inside.audioInput()),
        rest("textOutput", whole.textOutput(), inside.textOutput()),
        rest("reasoning", whole.reasoning(), inside.reasoning()),
        rest("audioOutput", whole.audioOutput(), inside.audioOutput()),
        null);
  }

  private static long rest(String kind, long whole, long inside) {
    if (inside > whole) {
      throw new IllegalArgumentException(
          "%s of the parts must be within the call's %d, was %d".formatted(kind, whole, inside));
    }
    return whole - inside;
  }
}
