package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a call went, and what chose its price. Every part is optional.
 *
 * @param latency from sending the request to the end of the answer, microsecond precision
 * @param timeToFirstToken from sending the request to the first token of the answer
 * @param streamed whether the answer was streamed, null where unknown
 * @param finishReason the provider's word for why the answer ended
 * @param responseId the provider's id of the answer; may repeat, never an idempotency key
 * @param attempts how many requests the call took, at least 1, null where unknown
 * @param errorType class or code of the error of a failed call
 * @param errorMessage text of the error of a failed call, at most 4,000 characters
 * @param serviceTier the provider's service tier, for instance {@code flex}
 * @param speed the speed that the provider served it at, for instance {@code fast}
 * @param batch whether the call went through a batch interface
 * @param region region or deployment zone that changes the price
 * @param rawUsage the provider's usage JSON, kept where its parts do not add up to its total
 * @param asked how the model was asked; {@link RequestSettings#NONE} where nothing is known
 */
public record CallDetails(
    @Nullable Duration latency,
    @Nullable Duration timeToFirstToken,
    @Nullable Boolean streamed,
    @Nullable String finishReason,
    @Nullable String responseId,
    @Nullable Integer attempts,
    @Nullable String errorType,
    @Nullable String errorMessage,
    @Nullable String serviceTier,
    @Nullable String speed,
    boolean batch,
    @Nullable String region,
    @Nullable String rawUsage,
    RequestSettings asked) {

  /** Details of which nothing is known. */
  public static final CallDetails NONE =
      new CallDetails(
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          false,
          null,
          null,
          RequestSettings.NONE);

  private static final int MAX_TEXT = 4_000;

  /** Checks ranges and texts. */
  public CallDetails {
    latency = Check.optionalDuration("latency", latency);
    timeToFirstToken = Check.optionalDuration("timeToFirstToken", timeToFirstToken);
    Check.optionalName("finishReason", finishReason);
    Check.optionalName("responseId", responseId);
    if (attempts != null) {
      Check.range("attempts", attempts, 1, Integer.MAX_VALUE);
    }
    Check.optionalName("errorType", errorType);
    text("errorMessage", errorMessage);
    Check.optionalName("serviceTier", serviceTier);
    Check.optionalName("speed", speed);
    Check.optionalName("region", region);
    text("rawUsage", rawUsage);
    Objects.requireNonNull(asked, "asked is required, was null");
  }

  /**
   * True if all details agree, leaving aside latency and time to the first token, which this
   * library may have measured.
   */
  boolean isSameButForTimes(CallDetails other) {
    return withoutTimes().equals(other.withoutTimes());
  }

  private CallDetails withoutTimes() {
    return latency == null && timeToFirstToken == null
        ? this
        : new CallDetails(
            null,
            null,
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

  /** Returns a copy at another speed, or at none where it is null. */
  public CallDetails withSpeed(@Nullable String other) {
    return with(other, asked);
  }

  /** Returns a copy of which the model was asked in this way. */
  public CallDetails withAsked(RequestSettings other) {
    return with(speed, other);
  }

  private CallDetails with(@Nullable String pace, RequestSettings how) {
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
        pace,
        batch,
        region,
        rawUsage,
        how);
  }

  static void text(String field, @Nullable String value) {
    if (value != null) {
      Check.storable(field, value);
      Check.range(field + " length", value.length(), 0, MAX_TEXT);
    }
  }
}
