package io.llmaccounting.pricing;

import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What decides the price of a call.
 *
 * @param at when the call was made; prices are effective-dated
 * @param provider the provider, or null where unknown
 * @param model the model that was asked for
 * @param responseModel the model that answered, looked up first, or null
 * @param tokens the tokens of the whole call, those of its parts included
 * @param extras counts of what is billed apart
 * @param parts parts with a model and tokens of their own
 * @param serviceTier the provider's service tier, or null
 * @param speed the speed that the provider served it at, or null
 * @param batch whether it went through a batch interface
 * @param region the region, where it changes the price, or null
 * @param project the project, where it has prices of its own, or null
 */
public record PricedCall(
    Instant at,
    @Nullable String provider,
    String model,
    @Nullable String responseModel,
    TokenUsage tokens,
    Map<String, Long> extras,
    List<CallPart> parts,
    @Nullable String serviceTier,
    @Nullable String speed,
    boolean batch,
    @Nullable String region,
    @Nullable String project) {

  /** Checks the names. */
  public PricedCall {
    at = Check.instant("at", at);
    Check.optionalName("provider", provider);
    Check.name("model", model);
    Check.optionalName("responseModel", responseModel);
    Objects.requireNonNull(tokens, "tokens is required, was null");
    extras = Check.counts("extras", extras);
    parts = List.copyOf(parts);
  }

  /** A call whose price depends only on its model, its time and its tokens. */
  public static PricedCall of(
      Instant at, @Nullable String provider, String model, TokenUsage tokens) {
    return new PricedCall(
        at, provider, model, null, tokens, Map.of(), List.of(), null, null, false, null, null);
  }

  /** The tokens that belong to no part: those that the main model consumed. */
  public TokenUsage mainTokens() {
    return CallPart.remainder(tokens, parts);
  }

  /** What decides the price of a recorded call; empty where its tokens are unknown. */
  public static Optional<PricedCall> of(Usage usage) {
    if (usage.tokens() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new PricedCall(
            usage.occurredAt(),
            usage.provider(),
            usage.model(),
            usage.responseModel(),
            usage.tokens(),
            usage.extras(),
            usage.parts(),
            usage.details().serviceTier(),
            usage.details().speed(),
            usage.details().batch(),
            usage.details().region(),
            usage.attribution().project()));
  }
}
