package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's answer says about itself. Made with {@link #of}, {@link #withoutUsage} or a
 * {@link #builder}.
 *
 * @param provider OpenTelemetry's name of the provider, or null where the answer does not tell
 * @param responseModel the model that answered, or null
 * @param responseId the provider's id of the answer, or null
 * @param tokens the tokens of the whole answer, those of its parts included; null exactly when
 *     {@code source} is MISSING
 * @param source REPORTED for a complete answer, PARTIAL for a stream that broke off, ESTIMATED
 *     where they were counted here, else MISSING
 * @param extras counts of what is billed apart from tokens
 * @param parts parts with a model and tokens of their own, at most 16
 * @param reportedCost what the seller that bills says it cost, or null
 * @param finishReason the provider's word for why the answer ended, or null
 * @param serviceTier the service tier that served it, or null
 * @param speed the speed that it was served at, for instance {@code fast}, or null
 * @param batch whether it went through a batch interface, null where the answer does not tell
 * @param region where it was processed, where that changes the price, or null
 * @param rawUsage the provider's usage JSON, at most 4,000 chars, kept where its parts do not add
 *     up, else null
 * @param unread the keys in its usage that look like tokens, hold more than zero and were not
 *     understood, or contradict another spelling of the same count; of each the first 100
 *     characters, and at most 100 of them
 */
public record ModelAnswer(
    @Nullable String provider,
    @Nullable String responseModel,
    @Nullable String responseId,
    @Nullable TokenUsage tokens,
    TokenSource source,
    Map<String, Long> extras,
    List<CallPart> parts,
    @Nullable Cost reportedCost,
    @Nullable String finishReason,
    @Nullable String serviceTier,
    @Nullable String speed,
    @Nullable Boolean batch,
    @Nullable String region,
    @Nullable String rawUsage,
    List<String> unread) {
  private static final int MOST_UNREAD = 100;

  /** Checks names, counts and texts, and that tokens, parts and source agree. */
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
    parts = CallPart.checked(parts, tokens);
    Usage.checkCost("reportedCost", reportedCost);
    Check.optionalName("finishReason", finishReason);
    Check.optionalName("serviceTier", serviceTier);
    Check.optionalName("speed", speed);
    Check.optionalName("region", region);
    CallDetails.text("rawUsage", rawUsage);
    unread = unread.stream().limit(MOST_UNREAD).map(ModelAnswer::cut).toList();
  }

  private static String cut(String key) {
    return key.length() <= MOST_UNREAD ? key : key.substring(0, MOST_UNREAD);
  }

  /** A complete answer of which only the tokens are known. */
  public static ModelAnswer of(TokenUsage tokens) {
    return builder().tokens(tokens).build();
  }

  /** An answer that came without usage. */
  public static ModelAnswer withoutUsage() {
    return builder().build();
  }

  /** Starts an answer of which nothing is known. */
  public static ModelAnswerBuilder builder() {
    return new ModelAnswerBuilder();
  }
}
