package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's answer says about itself.
 *
 * @param provider OpenTelemetry's name of the provider, or null where the answer does not tell
 * @param responseModel the model that answered, or null
 * @param responseId the provider's id of the answer, or null
 * @param tokens the tokens, null exactly when {@code source} is MISSING
 * @param source REPORTED for a complete answer, PARTIAL for a stream that broke off, else MISSING
 * @param extras counts of what is billed apart from tokens
 * @param finishReason the provider's word for why the answer ended, or null
 * @param serviceTier the service tier that served it, or null
 * @param rawUsage the provider's usage JSON, at most 4,000 chars, kept where its parts do not add
 *     up, else null
 */
public record ModelAnswer(
    @Nullable String provider,
    @Nullable String responseModel,
    @Nullable String responseId,
    @Nullable TokenUsage tokens,
    TokenSource source,
    Map<String, Long> extras,
    @Nullable String finishReason,
    @Nullable String serviceTier,
    @Nullable String rawUsage) {

  /** Checks names, counts and texts, and that tokens and source agree. */
  public ModelAnswer {
    Check.optionalName("provider", provider);
    Check.optionalName("responseModel", responseModel);
    Check.optionalName("responseId", responseId);
    Objects.requireNonNull(source, "source is required, was null");
    if ((tokens == null) != (source == TokenSource.MISSING)) {
      throw new IllegalArgumentException(
          "tokens must be absent exactly when source is MISSING, but source was %s and tokens %s"
              .formatted(source, tokens));
    }
    extras = Check.counts("extras", extras);
    Check.optionalName("finishReason", finishReason);
    Check.optionalName("serviceTier", serviceTier);
    CallDetails.text("rawUsage", rawUsage);
  }

  /** A complete answer of which only the tokens are known. */
  public static ModelAnswer of(TokenUsage tokens) {
    return new ModelAnswer(
        null, null, null, tokens, TokenSource.REPORTED, Map.of(), null, null, null);
  }

  /** An answer that came without usage. */
  public static ModelAnswer withoutUsage() {
    return new ModelAnswer(null, null, null, null, TokenSource.MISSING, Map.of(), null, null, null);
  }
}
