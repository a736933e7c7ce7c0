package io.llmaccounting.limit;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RequestSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A copy of a request of which one part is about to be changed. For one thread. */
final class CallRequestDraft {
  String model;
  @Nullable String provider;
  @Nullable String operation;
  Attribution attribution;
  @Nullable Long inputTokens;
  @Nullable Long maxOutputTokens;
  @Nullable Cost cost;
  @Nullable String serviceTier;
  boolean batch;
  @Nullable String region;
  @Nullable String key;
  @Nullable Duration holdFor;
  RequestSettings asked;

  CallRequestDraft(CallRequest request) {
    model = request.model();
    provider = request.provider();
    operation = request.operation();
    attribution = request.attribution();
    inputTokens = request.inputTokens();
    maxOutputTokens = request.maxOutputTokens();
    cost = request.cost();
    serviceTier = request.serviceTier();
    batch = request.batch();
    region = request.region();
    key = request.key();
    holdFor = request.holdFor();
    asked = request.asked();
  }

  CallRequest request() {
    return new CallRequest(
        model,
        provider,
        operation,
        attribution,
        inputTokens,
        maxOutputTokens,
        cost,
        serviceTier,
        batch,
        region,
        key,
        holdFor,
        asked);
  }
}
