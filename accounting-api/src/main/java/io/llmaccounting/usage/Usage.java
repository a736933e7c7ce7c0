package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model: what was asked of whom, what it consumed, what it cost. Immutable.
 *
 * <p>Components that may be unknown are null, never an empty text or a zero.
 *
 * @param id identity of the record, see {@link UsageId}
 * @param key the caller's idempotency key, unique within its project, or null
 * @param occurredAt when the call was made, microsecond precision
 * @param model the model that was asked for; limits watch this one
 * @param responseModel the model that answered, or null; prices look it up first
 * @param provider OpenTelemetry's provider name ({@code openai}, {@code anthropic}), or null
 * @param operation OpenTelemetry's operation ({@code chat}, {@code embeddings}), or null
 * @param tokens the tokens, null exactly when {@code source} is {@link TokenSource#MISSING}
 * @param source where the token figures come from
 * @param localInputTokens input counted with the caller's own tokenizer, or null; never added in
 * @param localOutputTokens output counted with the caller's own tokenizer, or null; never added in
 * @param extras counts of what is billed apart from tokens (web searches, images)
 * @param givenCost the cost that the caller stated, or null; it wins over a computed one
 * @param computedCost the cost computed from prices, or null where none was found
 * @param outcome how the call ended
 * @param details how it went
 * @param attribution to whom it is attributed
 */
public record Usage(
    UUID id,
    @Nullable String key,
    Instant occurredAt,
    String model,
    @Nullable String responseModel,
    @Nullable String provider,
    @Nullable String operation,
    @Nullable TokenUsage tokens,
    TokenSource source,
    @Nullable Long localInputTokens,
    @Nullable Long localOutputTokens,
    Map<String, Long> extras,
    @Nullable Cost givenCost,
    @Nullable PricedCost computedCost,
    Outcome outcome,
    CallDetails details,
    Attribution attribution) {

  /** Checks every component against its rule. */
  public Usage {
    occurredAt = Check.instant("occurredAt", occurredAt);
    UsageId.requireFor(id, occurredAt);
    Check.optionalName("key", key);
    Check.name("model", model);
    Check.optionalName("responseModel", responseModel);
    Check.optionalName("provider", provider);
    Check.optionalName("operation", operation);
    checkTokens(tokens, source);
    Check.optionalRange("localInputTokens", localInputTokens, 0, TokenUsage.MAX_PART);
    Check.optionalRange("localOutputTokens", localOutputTokens, 0, TokenUsage.MAX_PART);
    extras = Check.counts("extras", extras);
    if (givenCost != null) {
      Check.range("cost in nano-dollars", givenCost.nanos(), 0, Cost.MAX_PER_CALL.nanos());
    }
    Objects.requireNonNull(outcome, "outcome is required, was null");
    Objects.requireNonNull(details, "details is required, was null");
    Objects.requireNonNull(attribution, "attribution is required, was null");
  }

  private static void checkTokens(@Nullable TokenUsage tokens, TokenSource source) {
    Objects.requireNonNull(source, "source is required, was null");
    if ((tokens == null) != (source == TokenSource.MISSING)) {
      throw new IllegalArgumentException(
          "tokens must be absent exactly when source is MISSING, but source was %s and tokens %s"
              .formatted(source, tokens));
    }
    if (tokens != null) {
      Check.range("uncachedInput", tokens.uncachedInput(), 0, TokenUsage.MAX_PART);
      Check.range("cacheRead", tokens.cacheRead(), 0, TokenUsage.MAX_PART);
      Check.range("cacheWrite5m", tokens.cacheWrite5m(), 0, TokenUsage.MAX_PART);
      Check.range("cacheWrite1h", tokens.cacheWrite1h(), 0, TokenUsage.MAX_PART);
      Check.range("audioInput", tokens.audioInput(), 0, TokenUsage.MAX_PART);
      Check.range("textOutput", tokens.textOutput(), 0, TokenUsage.MAX_PART);
      Check.range("reasoning", tokens.reasoning(), 0, TokenUsage.MAX_PART);
      Check.range("audioOutput", tokens.audioOutput(), 0, TokenUsage.MAX_PART);
    }
  }

  /** The cost that counts: the caller's where there is one, else the computed one, else unknown. */
  public Optional<Cost> cost() {
    Cost computed = computedCost == null ? null : computedCost.cost();
    return Optional.ofNullable(givenCost == null ? computed : givenCost);
  }

  /** The same with a computed cost, or with none where {@code priced} is null. */
  public Usage withComputedCost(@Nullable PricedCost priced) {
    return new Usage(
        id,
        key,
        occurredAt,
        model,
        responseModel,
        provider,
        operation,
        tokens,
        source,
        localInputTokens,
        localOutputTokens,
        extras,
        givenCost,
        priced,
        outcome,
        details,
        attribution);
  }

  /** The same with another attribution. */
  public Usage withAttribution(Attribution other) {
    return new Usage(
        id,
        key,
        occurredAt,
        model,
        responseModel,
        provider,
        operation,
        tokens,
        source,
        localInputTokens,
        localOutputTokens,
        extras,
        givenCost,
        computedCost,
        outcome,
        details,
        other);
  }

  /**
   * True if both say the same about a call: everything the caller gave except the id and the times
   * (when it was made, its latency, its time to the first token). Times are left out because a
   * caller may leave them to clocks of the library; a ledger compares those that the caller stated.
   */
  public boolean describesSameCallAs(Usage other) {
    return model.equals(other.model)
        && Objects.equals(key, other.key)
        && Objects.equals(responseModel, other.responseModel)
        && Objects.equals(provider, other.provider)
        && Objects.equals(operation, other.operation)
        && Objects.equals(tokens, other.tokens)
        && source == other.source
        && Objects.equals(localInputTokens, other.localInputTokens)
        && Objects.equals(localOutputTokens, other.localOutputTokens)
        && extras.equals(other.extras)
        && Objects.equals(givenCost, other.givenCost)
        && outcome == other.outcome
        && details.isSameButForTimes(other.details)
        && attribution.equals(other.attribution);
  }
}
