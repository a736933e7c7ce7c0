package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is known of one call, left to right. Only the model is required. What is collected
 * is checked when the record is made of it, not before. Confined to one thread.
 *
 * @param <S> the collecting type itself, so that calls chain
 */
public abstract class UsageFields<S extends UsageFields<S>> {
  private @Nullable UUID id;
  private @Nullable String key;
  private @Nullable Instant occurredAt;
  private @Nullable String model;
  private @Nullable String responseModel;
  private @Nullable String provider;
  private @Nullable String operation;
  private @Nullable TokenUsage tokens;
  private @Nullable TokenSource source;
  private boolean hasPlainTokens;
  private long inputTokens;
  private long outputTokens;
  private @Nullable Long localInputTokens;
  private @Nullable Long localOutputTokens;
  private Map<String, Long> extras = Map.of();
  private List<CallPart> callParts = List.of();
  private @Nullable Cost cost;
  private @Nullable Cost reportedCost;
  private Outcome outcome = Outcome.SUCCEEDED;
  private @Nullable DetailFields details;
  private @Nullable String project;
  private @Nullable String user;
  private @Nullable String caller;
  private @Nullable String session;
  private Map<String, String> tags = Map.of();
  private List<String> unread = List.of();

  /** For the collecting types of the library. */
  protected UsageFields() {}

  /** Returns this object, as the collecting type. */
  protected abstract S self();

  /** The record's id, made before the first attempt to store it; its time becomes occurredAt. */
  public S id(UUID id) {
    this.id = id;
    return self();
  }

  /** An idempotency key, unique within the project. Never a provider's response id. */
  public S key(String key) {
    this.key = key;
    return self();
  }

  /** When the call was made; without it, now. */
  public S at(Instant occurredAt) {
    this.occurredAt = occurredAt;
    return self();
  }

  /** The model that was asked for. */
  public S model(String model) {
    this.model = model;
    return self();
  }

  /** The model that answered. */
  public S responseModel(String responseModel) {
    this.responseModel = responseModel;
    return self();
  }

  /**
   * The provider, in OpenTelemetry's words: {@code openai}, {@code anthropic}, {@code aws.bedrock}.
   */
  public S provider(String provider) {
    this.provider = provider;
    return self();
  }

  /** The operation, in OpenTelemetry's words: {@code chat}, {@code embeddings}. */
  public S operation(String operation) {
    this.operation = operation;
    return self();
  }

  /** Input tokens of a call without cached tokens; with cached ones use {@link #tokens}. */
  public S inputTokens(long tokens) {
    this.inputTokens = tokens;
    this.hasPlainTokens = true;
    return self();
  }

  /** Output tokens, reasoning included. */
  public S outputTokens(long tokens) {
    this.outputTokens = tokens;
    this.hasPlainTokens = true;
    return self();
  }

  /** All token parts at once, in place of {@link #inputTokens} and {@link #outputTokens}. */
  public S tokens(TokenUsage tokens) {
    this.tokens = tokens;
    return self();
  }

  /** Where the token figures come from; without it REPORTED, or MISSING where none are given. */
  public S source(TokenSource source) {
    this.source = source;
    return self();
  }

  /** Input tokens as the caller's own tokenizer counts them; kept beside, never added in. */
  public S localInputTokens(long tokens) {
    this.localInputTokens = tokens;
    return self();
  }

  /** Output tokens as the caller's own tokenizer counts them; kept beside, never added in. */
  public S localOutputTokens(long tokens) {
    this.localOutputTokens = tokens;
    return self();
  }

  /** A count of something billed apart from tokens, for instance {@code web_search}. */
  public S extra(String name, long count) {
    this.extras = joined(extras, Map.of(name, count));
    return self();
  }

  /** Parts of the answer with a model and tokens of their own, at most 16; replaces others. */
  public S parts(List<CallPart> parts) {
    this.callParts = parts;
    return self();
  }

  /** The cost as the caller knows it; it wins over a reported and over a computed one. */
  public S cost(Cost cost) {
    this.cost = cost;
    return self();
  }

  /** What the seller that bills says it cost. */
  public S reportedCost(Cost cost) {
    this.reportedCost = cost;
    return self();
  }

  /** How the call ended; without it SUCCEEDED. */
  public S outcome(Outcome outcome) {
    this.outcome = outcome;
    return self();
  }

  /** Marks the call as failed, with the class and text of the error (cut to 4,000 characters). */
  public S failed(Throwable error) {
    this.outcome = Outcome.FAILED;
    details().error(error);
    return self();
  }

  /** Marks the call as failed, with the provider's error code and message. */
  public S failed(String errorType, String errorMessage) {
    this.outcome = Outcome.FAILED;
    details().error(errorType, errorMessage);
    return self();
  }

  /** From sending the request to the end of the answer. */
  public S latency(Duration latency) {
    details().latency = latency;
    return self();
  }

  /** From sending the request to the first token of the answer. */
  public S timeToFirstToken(Duration time) {
    details().timeToFirstToken = time;
    return self();
  }

  /** Whether the answer was streamed. */
  public S streamed(boolean streamed) {
    details().streamed = streamed;
    return self();
  }

  /** How many requests the call took, at least 1. */
  public S attempts(int attempts) {
    details().attempts = attempts;
    return self();
  }

  /** The provider's service tier, where it changes the price. */
  public S serviceTier(String tier) {
    details().serviceTier = tier;
    return self();
  }

  /** The speed that the provider served it at, where it changes the price. */
  public S speed(String speed) {
    details().speed = speed;
    return self();
  }

  /** Marks the call as sent through a batch interface. */
  public S batch() {
    details().batch = true;
    return self();
  }

  /** The region or deployment zone, where it changes the price. */
  public S region(String region) {
    details().region = region;
    return self();
  }

  /** How the model was asked. */
  public S asked(RequestSettings settings) {
    details().asked = settings;
    return self();
  }

  /**
   * Takes over everything that a provider's answer says; what it leaves open stays as it was.
   * Tokens that it tells replace those that were given before.
   */
  public S answer(ModelAnswer answer) {
    if (answer.tokens() != null) {
      this.tokens = answer.tokens();
      this.hasPlainTokens = false;
      this.source = answer.source();
      this.callParts = answer.parts();
    }
    if (answer.reportedCost() != null) {
      this.reportedCost = answer.reportedCost();
    }
    this.extras = joined(extras, answer.extras());
    if (answer.responseModel() != null) {
      this.responseModel = answer.responseModel();
    }
    if (answer.provider() != null && provider == null) {
      this.provider = answer.provider();
    }
    this.unread = answer.unread();
    details().answer(answer);
    return self();
  }

  /** All details at once. */
  public S details(CallDetails all) {
    details().all(all);
    return self();
  }

  /** The whole attribution at once. */
  public S attribution(Attribution attribution) {
    this.project = attribution.project();
    this.user = attribution.user();
    this.caller = attribution.caller();
    this.session = attribution.session();
    this.tags = attribution.tags();
    return self();
  }

  /** The project; null or blank means none. */
  public S project(@Nullable String project) {
    this.project = project;
    return self();
  }

  /** The user; null or blank means none. */
  public S user(@Nullable String user) {
    this.user = user;
    return self();
  }

  /** The application or feature that calls; null or blank means none. */
  public S caller(@Nullable String caller) {
    this.caller = caller;
    return self();
  }

  /** The session; null or blank means none. */
  public S session(@Nullable String session) {
    this.session = session;
    return self();
  }

  /** One more tag. */
  public S tag(String name, String value) {
    this.tags = joined(tags, Map.of(name, value));
    return self();
  }

  // most calls have no details
  private DetailFields details() {
    if (details == null) {
      details = new DetailFields();
    }
    return details;
  }

  // most calls have none of either: no map is made for them
  private static <V> Map<String, V> joined(Map<String, V> some, Map<String, V> more) {
    if (some.isEmpty() || more.isEmpty()) {
      return some.isEmpty() ? more : some;
    }
    Map<String, V> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** The keys of the answer's usage that were not understood. */
  protected final List<String> unread() {
    return unread;
  }

  /** True if the caller left the time to the clock. */
  protected final boolean timeIsDefaulted() {
    return occurredAt == null;
  }

  /**
   * The call as collected so far.
   *
   * @param ids gives the id of a call made at the given time, where the caller gave none
   * @param now the time of a call whose time the caller left open
   * @param defaults fills what the attribution lacks
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  protected final Usage usage(
      java.util.function.Function<Instant, UUID> ids, Instant now, Attribution defaults) {
    Instant at =
        occurredAt != null
            ? Check.instant("occurredAt", occurredAt)
            : id != null ? UsageId.timeOf(UsageId.requireTimed(id)) : now;
    TokenUsage parts = parts();
    return new Usage(
        id != null ? id : ids.apply(at),
        key,
        at,
        Check.name("model", model),
        responseModel,
        provider,
        operation,
        parts,
        source != null ? source : parts == null ? TokenSource.MISSING : TokenSource.REPORTED,
        localInputTokens,
        localOutputTokens,
        extras,
        callParts,
        cost,
        reportedCost,
        null,
        ReportedCostPolicy.PREFER_REPORTED,
        outcome,
        details == null ? CallDetails.NONE : details.build(),
        new Attribution(project, user, caller, session, tags).orElse(defaults));
  }

  private @Nullable TokenUsage parts() {
    if (!hasPlainTokens) {
      return tokens;
    }
    if (tokens != null) {
      throw new IllegalArgumentException(
          "tokens must be given either as parts or as inputTokens and outputTokens, were given both"
              + " ways");
    }
    return TokenUsage.of(inputTokens, outputTokens);
  }
}
