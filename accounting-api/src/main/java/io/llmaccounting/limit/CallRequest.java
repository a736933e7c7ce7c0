package io.llmaccounting.limit;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.validation.Check;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that is about to be made: who makes it, and how much it is expected to consume at most. It
 * counts as one request. Start with {@link #to}.
 *
 * @param model the model that is asked
 * @param provider the provider, or null
 * @param operation the operation, or null
 * @param attribution who makes it
 * @param inputTokens expected input tokens, null for the configured default
 * @param maxOutputTokens most output tokens expected, null for an estimate
 * @param cost expected cost, null to compute it from prices
 * @param serviceTier the service tier asked for, or null
 * @param batch whether it goes through a batch interface
 * @param region the region, where it changes the price, or null
 * @param key idempotency key of the record that the call will leave, or null
 * @param holdFor how long the hold lives unless renewed, null for the configured default
 * @param asked how the model is asked, for the record
 */
public record CallRequest(
    String model,
    @Nullable String provider,
    @Nullable String operation,
    Attribution attribution,
    @Nullable Long inputTokens,
    @Nullable Long maxOutputTokens,
    @Nullable Cost cost,
    @Nullable String serviceTier,
    boolean batch,
    @Nullable String region,
    @Nullable String key,
    @Nullable Duration holdFor,
    RequestSettings asked) {

  /** Checks every part. */
  public CallRequest {
    Check.name("model", model);
    Check.optionalName("provider", provider);
    Check.optionalName("operation", operation);
    Objects.requireNonNull(attribution, "attribution is required, was null");
    Check.optionalRange("inputTokens", inputTokens, 0, TokenUsage.MAX_PART);
    Check.optionalRange("maxOutputTokens", maxOutputTokens, 0, TokenUsage.MAX_PART);
    if (cost != null) {
      Check.money("cost", cost.nanos(), Cost.MAX_PER_CALL.nanos());
    }
    Check.optionalName("serviceTier", serviceTier);
    Check.optionalName("region", region);
    Check.optionalName("key", key);
    if (holdFor != null
        && (holdFor.compareTo(Duration.ofSeconds(1)) < 0
            || holdFor.compareTo(Duration.ofDays(7)) > 0)) {
      throw new IllegalArgumentException("holdFor must be from PT1S to P7D, was " + holdFor);
    }
    Objects.requireNonNull(asked, "asked is required, was null");
  }

  /** A call of {@code model} by nobody in particular. */
  public static CallRequest to(String model) {
    return new CallRequest(
        model,
        null,
        null,
        Attribution.NONE,
        null,
        null,
        null,
        null,
        false,
        null,
        null,
        null,
        RequestSettings.NONE);
  }

  /** Returns a copy to this provider. */
  public CallRequest provider(String provider) {
    return with(draft -> draft.provider = provider);
  }

  /** Returns a copy as this operation. */
  public CallRequest operation(String operation) {
    return with(draft -> draft.operation = operation);
  }

  /** Returns a copy by these callers. */
  public CallRequest attribution(Attribution attribution) {
    return with(draft -> draft.attribution = attribution);
  }

  /** Returns a copy in this project; null or blank means none. */
  public CallRequest project(@Nullable String project) {
    return attribution(attribution.withProject(project));
  }

  /** Returns a copy by this user; null or blank means none. */
  public CallRequest user(@Nullable String user) {
    return attribution(attribution.withUser(user));
  }

  /** Returns a copy by this application or feature; null or blank means none. */
  public CallRequest caller(@Nullable String caller) {
    return attribution(attribution.withCaller(caller));
  }

  /** Returns a copy in this session; null or blank means none. */
  public CallRequest session(@Nullable String session) {
    return attribution(attribution.withSession(session));
  }

  /** Returns a copy with one more tag. */
  public CallRequest tag(String name, String value) {
    return attribution(attribution.withTag(name, value));
  }

  /** Returns a copy that expects so many input tokens. */
  public CallRequest inputTokens(long tokens) {
    return with(draft -> draft.inputTokens = tokens);
  }

  /** Returns a copy that expects at most so many output tokens. */
  public CallRequest maxOutputTokens(long tokens) {
    return with(draft -> draft.maxOutputTokens = tokens);
  }

  /** Returns a copy that expects this cost. */
  public CallRequest cost(Cost cost) {
    return with(draft -> draft.cost = cost);
  }

  /** Returns a copy at this service tier. */
  public CallRequest serviceTier(String tier) {
    return with(draft -> draft.serviceTier = tier);
  }

  /** Returns a copy through a batch interface. */
  public CallRequest throughBatch() {
    return with(draft -> draft.batch = true);
  }

  /** Returns a copy in this region. */
  public CallRequest region(String region) {
    return with(draft -> draft.region = region);
  }

  /** Returns a copy with an idempotency key for its record. */
  public CallRequest key(String key) {
    return with(draft -> draft.key = key);
  }

  /** Returns a copy with a hold that lives so long unless renewed, 1 second to 7 days. */
  public CallRequest holdFor(Duration time) {
    return with(draft -> draft.holdFor = time);
  }

  /** Returns a copy that asks in this way. */
  public CallRequest asked(RequestSettings settings) {
    return with(draft -> draft.asked = settings);
  }

  private CallRequest with(Consumer<CallRequestDraft> change) {
    CallRequestDraft draft = new CallRequestDraft(this);
    change.accept(draft);
    return draft.request();
  }
}
