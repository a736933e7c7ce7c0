package io.llmaccounting.usage;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what an answer says; everything is optional, and null says that it is not known.
 * Confined to one thread.
 */
public final class ModelAnswerBuilder {
  private @Nullable String provider;
  private @Nullable String responseModel;
  private @Nullable String responseId;
  private @Nullable TokenUsage tokens;
  private @Nullable TokenSource source;
  private Map<String, Long> extras = Map.of();
  private List<CallPart> parts = List.of();
  private @Nullable Cost reportedCost;
  private @Nullable String finishReason;
  private @Nullable String serviceTier;
  private @Nullable String speed;
  private @Nullable Boolean batch;
  private @Nullable String region;
  private @Nullable String rawUsage;
  private List<String> unread = List.of();

  ModelAnswerBuilder() {}

  /** OpenTelemetry's name of the provider. */
  public ModelAnswerBuilder provider(@Nullable String provider) {
    this.provider = provider;
    return this;
  }

  /** The model that answered. */
  public ModelAnswerBuilder responseModel(@Nullable String model) {
    this.responseModel = model;
    return this;
  }

  /** The provider's id of the answer. */
  public ModelAnswerBuilder responseId(@Nullable String id) {
    this.responseId = id;
    return this;
  }

  /** The tokens of the whole answer, those of its parts included. */
  public ModelAnswerBuilder tokens(@Nullable TokenUsage tokens) {
    this.tokens = tokens;
    return this;
  }

  /** Where the tokens come from; without it REPORTED, or MISSING where there are none. */
  public ModelAnswerBuilder source(TokenSource source) {
    this.source = source;
    return this;
  }

  /** Counts of what is billed apart from tokens. */
  public ModelAnswerBuilder extras(Map<String, Long> extras) {
    this.extras = extras;
    return this;
  }

  /** Parts with a model and tokens of their own, at most 16. */
  public ModelAnswerBuilder parts(List<CallPart> parts) {
    this.parts = parts;
    return this;
  }

  /** What the seller that bills says it cost. */
  public ModelAnswerBuilder reportedCost(@Nullable Cost cost) {
    this.reportedCost = cost;
    return this;
  }

  /** The provider's word for why the answer ended. */
  public ModelAnswerBuilder finishReason(@Nullable String reason) {
    this.finishReason = reason;
    return this;
  }

  /** The service tier that served it. */
  public ModelAnswerBuilder serviceTier(@Nullable String tier) {
    this.serviceTier = tier;
    return this;
  }

  /** The speed that it was served at, for instance {@code fast}. */
  public ModelAnswerBuilder speed(@Nullable String speed) {
    this.speed = speed;
    return this;
  }

  /** Whether it went through a batch interface. */
  public ModelAnswerBuilder batch(@Nullable Boolean batch) {
    this.batch = batch;
    return this;
  }

  /** Where it was processed, where that changes the price. */
  public ModelAnswerBuilder region(@Nullable String region) {
    this.region = region;
    return this;
  }

  /** The provider's usage JSON, at most 4,000 chars, where its parts do not add up. */
  public ModelAnswerBuilder rawUsage(@Nullable String json) {
    this.rawUsage = json;
    return this;
  }

  /** Keys in its usage that look like tokens and were not understood; at most 100 are kept. */
  public ModelAnswerBuilder unread(List<String> keys) {
    this.unread = keys;
    return this;
  }

  /**
   * The answer.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public ModelAnswer build() {
    TokenSource told =
        source != null ? source : tokens == null ? TokenSource.MISSING : TokenSource.REPORTED;
    return new ModelAnswer(
        provider,
        responseModel,
        responseId,
        tokens,
        told,
        extras,
        parts,
        reportedCost,
        finishReason,
        serviceTier,
        speed,
        batch,
        region,
        rawUsage,
        unread);
  }
}
