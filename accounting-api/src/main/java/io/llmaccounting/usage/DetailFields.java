package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Collects {@link CallDetails}. Confined to one thread. */
final class DetailFields {
  private static final int MAX_TEXT = 4_000;

  @Nullable Duration latency;
  @Nullable Duration timeToFirstToken;
  @Nullable Boolean streamed;
  @Nullable Integer attempts;
  @Nullable String serviceTier;
  @Nullable String speed;
  boolean batch;
  @Nullable String region;
  RequestSettings asked = RequestSettings.NONE;
  private @Nullable String finishReason;
  private @Nullable String responseId;
  private @Nullable String errorType;
  private @Nullable String errorMessage;
  private @Nullable String rawUsage;

  void error(Throwable error) {
    String text = error.getMessage();
    error(error.getClass().getName(), text == null ? error.getClass().getSimpleName() : text);
  }

  void error(String type, String message) {
    this.errorType = type;
    this.errorMessage = Check.readable(message, MAX_TEXT);
  }

  void answer(ModelAnswer answer) {
    if (answer.finishReason() != null) {
      this.finishReason = answer.finishReason();
    }
    if (answer.responseId() != null) {
      this.responseId = answer.responseId();
    }
    if (answer.serviceTier() != null) {
      this.serviceTier = answer.serviceTier();
    }
    if (answer.speed() != null) {
      this.speed = answer.speed();
    }
    if (answer.batch() != null) {
      this.batch = answer.batch();
    }
    if (answer.region() != null) {
      this.region = answer.region();
    }
    if (answer.rawUsage() != null) {
      this.rawUsage = answer.rawUsage();
    }
  }

  void all(CallDetails details) {
    this.latency = details.latency();
    this.timeToFirstToken = details.timeToFirstToken();
    this.streamed = details.streamed();
    this.finishReason = details.finishReason();
    this.responseId = details.responseId();
    this.attempts = details.attempts();
    this.errorType = details.errorType();
    this.errorMessage = details.errorMessage();
    this.serviceTier = details.serviceTier();
    this.speed = details.speed();
    this.batch = details.batch();
    this.region = details.region();
    this.rawUsage = details.rawUsage();
    this.asked = details.asked();
  }

  CallDetails build() {
    return new CallDetails(
        latency,
        timeToFirstToken,
        streamed,
        finishReason,
        responseId,
        attempts,
        errorType,
        errorMessage,
        serviceTier,
        speed,
        batch,
        region,
        rawUsage,
        asked);
  }
}
