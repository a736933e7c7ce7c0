package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.List;
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
 * @param parts parts of the answer with a model and tokens of their own, at most 16; their tokens
 *     are in {@code tokens}
 * @param givenCost the cost that the caller stated, or null; it wins over all others
 * @param reportedCost what the seller that bills says it cost, or null
 * @param computedCost the cost computed from prices, or null where none was found
 * @param costPolicy which of the reported and the computed cost counts; always PREFER_REPORTED
 *     where none was reported
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
    List<CallPart> parts,
    @Nullable Cost givenCost,
    @Nullable Cost reportedCost,
    @Nullable PricedCost computedCost,
    ReportedCostPolicy costPolicy,
    Outcome outcome,
    CallDetails details,
    Attribution attribution) {

  /**
   * The name among the extras of a record whose answer came from a cache of answers, such as a
   * gateway has, so that no provider was asked: such a record charges no limit, whatever tokens it
   * tells. Its count is 1.
   */
  public static final String FROM_CACHE = "from_response_cache";

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
    parts = CallPart.checked(parts, tokens);
    checkCost("cost", givenCost);
    checkCost("reportedCost", reportedCost);
    Objects.requireNonNull(costPolicy, "costPolicy is required, was null");
    costPolicy = reportedCost == null ? ReportedCostPolicy.PREFER_REPORTED : costPolicy;
    Objects.requireNonNull(outcome, "outcome is required, was null");
    Objects.requireNonNull(details, "details is required, was null");
    Objects.requireNonNull(attribution, "attribution is required, was null");
  }

  /**
   * Starts a call of {@code model} made at {@code occurredAt}, for imports and tests; its id is
   * made with the rest.
   */
  public static UsageBuilder of(String model, Instant occurredAt) {
    return new UsageBuilder(occurredAt).model(model);
  }

  private static void checkTokens(@Nullable TokenUsage tokens, TokenSource source) {
    Objects.requireNonNull(source, "source is required, was null");
    if ((tokens == null) != (source == TokenSource.MISSING)) {
      throw new IllegalArgumentException(
          "tokens must be absent exactly when source is MISSING, but source was %s and tokens %s"
              .formatted(source, tokens));
    }
    if (tokens != null) {
      checkRanges(tokens);
    }
  }

  static void checkRanges(TokenUsage tokens) {
    Check.range("uncachedInput", tokens.uncachedInput(), 0, TokenUsage.MAX_PART);
    Check.range("cacheRead", tokens.cacheRead(), 0, TokenUsage.MAX_PART);
    Check.range("cacheWrite5m", tokens.cacheWrite5m(), 0, TokenUsage.MAX_PART);
    Check.range("cacheWrite1h", tokens.cacheWrite1h(), 0, TokenUsage.MAX_PART);
    Check.range("audioInput", tokens.audioInput(), 0, TokenUsage.MAX_PART);
    Check.range("textOutput", tokens.textOutput(), 0, TokenUsage.MAX_PART);
    Check.range("reasoning", tokens.reasoning(), 0, TokenUsage.MAX_PART);
    Check.range("audioOutput", tokens.audioOutput(), 0, TokenUsage.MAX_PART);
  }

  static void checkCost(String name, @Nullable Cost cost) {
    if (cost != null) {
      Check.money(name, cost.nanos(), Cost.MAX_PER_CALL.nanos());
    }
  }

  /**
   * The cost that counts: the caller's where there is one, else the reported or the computed one as
   * {@link #costPolicy} says, else unknown.
   */
  public Optional<Cost> cost() {
    if (givenCost != null) {
      return Optional.of(givenCost);
    }
    Cost computed = computedCost == null ? null : computedCost.cost();
    boolean reported = reportedCost != null && (!prefersComputed() || computed == null);
    return Optional.ofNullable(reported ? reportedCost : computed);
  }

  /** True if the answer came from a cache of answers, by {@link #FROM_CACHE}. */
  public boolean isFromCache() {
    return extras.containsKey(FROM_CACHE);
  }

  /** True if a computed cost counts as soon as there is one. */
  public boolean isPricedByComputing() {
    return givenCost == null && (reportedCost == null || prefersComputed());
  }

  /** True if the cost that counts is computed and lacks a component that had no price. */
  public boolean costIsLowerBound() {
    return computedCost != null && computedCost.lowerBound() && isPricedByComputing();
  }

  private boolean prefersComputed() {
    return costPolicy == ReportedCostPolicy.PREFER_COMPUTED;
  }

  /** Returns a copy with a computed cost, or with none where {@code priced} is null. */
  public Usage withComputedCost(@Nullable PricedCost priced) {
    return with(provider, parts, priced, costPolicy, attribution);
  }

  /** Returns a copy with other parts, for instance with those that were priced. */
  public Usage withParts(List<CallPart> others) {
    return with(provider, others, computedCost, costPolicy, attribution);
  }

  /** Returns a copy with another rule for which cost counts. */
  public Usage withCostPolicy(ReportedCostPolicy policy) {
    return with(provider, parts, computedCost, policy, attribution);
  }

  /** Returns a copy with other figures. */
  public Usage withFigures(CallFigures other) {
    return new Usage(
        id,
        key,
        occurredAt,
        model,
        responseModel,
        provider,
        operation,
        other.tokens(),
        other.source(),
        localInputTokens,
        localOutputTokens,
        other.extras(),
        other.parts(),
        other.givenCost(),
        other.reportedCost(),
        other.computedCost(),
        other.costPolicy(),
        other.outcome(),
        details,
        attribution);
  }

  /** Returns a copy with another attribution. */
  public Usage withAttribution(Attribution other) {
    return with(provider, parts, computedCost, costPolicy, other);
  }

  /** Returns a copy with another provider. */
  public Usage withProvider(@Nullable String other) {
    return with(other, parts, computedCost, costPolicy, attribution);
  }

  private Usage with(
      @Nullable String seller,
      List<CallPart> others,
      @Nullable PricedCost priced,
      ReportedCostPolicy policy,
      Attribution who) {
    return new Usage(
        id,
        key,
        occurredAt,
        model,
        responseModel,
        seller,
        operation,
        tokens,
        source,
        localInputTokens,
        localOutputTokens,
        extras,
        others,
        givenCost,
        reportedCost,
        priced,
        policy,
        outcome,
        details,
        who);
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
        && CallPart.withoutPrices(parts).equals(CallPart.withoutPrices(other.parts))
        && Objects.equals(givenCost, other.givenCost)
        && Objects.equals(reportedCost, other.reportedCost)
        && outcome == other.outcome
        && details.isSameButForTimes(other.details)
        && attribution.equals(other.attribution);
  }
}
