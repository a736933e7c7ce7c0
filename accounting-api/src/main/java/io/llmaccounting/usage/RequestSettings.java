package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import org.jspecify.annotations.Nullable;

/**
 * How a model was asked. Every part is optional; nothing of what was said to the model is in it.
 *
 * @param maxOutputTokens most output tokens of the answer, all its choices together, null where no
 *     bound was set
 * @param temperature the temperature, null where it was left to the provider
 * @param topP the share of nucleus sampling, null where it was left to the provider
 * @param messages how many turns, texts or documents were sent, null where unknown
 * @param origin the program that sent the request, as it names itself, such as {@code OpenAI/Python
 *     1.52.0}; null where unknown
 */
public record RequestSettings(
    @Nullable Long maxOutputTokens,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Long messages,
    @Nullable String origin) {
  /** Settings of which nothing is known. */
  public static final RequestSettings NONE = new RequestSettings(null, null, null, null, null);

  /** Checks ranges and names. */
  public RequestSettings {
    Check.optionalRange("request maxOutputTokens", maxOutputTokens, 0, Long.MAX_VALUE);
    finite("temperature", temperature);
    finite("topP", topP);
    Check.optionalRange("request messages", messages, 0, Long.MAX_VALUE);
    Check.optionalName("request origin", origin);
  }

  private static void finite(String field, @Nullable Double value) {
    if (value != null && !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "request " + field + " must be a finite number, was " + value);
    }
  }

  /** Returns a copy sent by this program, or by one that is not known where it is null. */
  public RequestSettings withOrigin(@Nullable String program) {
    return new RequestSettings(maxOutputTokens, temperature, topP, messages, program);
  }

  /** Whether nothing is known. */
  public boolean isEmpty() {
    return equals(NONE);
  }
}
