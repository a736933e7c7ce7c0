package io.llmaccounting.providers.request;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenUsage;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request says. Of a request that could not be read to its end, it has what was read before.
 *
 * @param shape the shape that was told by its target or recognised
 * @param problem why it could not be read to its end, or not in one way only, in words that go on
 *     from "request"; null if it could. Never has a piece of the request in it
 * @param provider the provider under OpenTelemetry's name, or null
 * @param model the model or deployment that is asked; that of the path comes first. Null if none
 * @param operation OpenTelemetry's name of the operation ({@code chat}, {@code embeddings}, ...) or
 *     {@code count_tokens}, {@code rerank}, {@code transcription}, {@code speech}, {@code
 *     image_generation}, {@code ocr}; null if the shape is unknown
 * @param streamed whether the answer is to be streamed
 * @param usageAsked whether a stream is asked to tell its usage, where that has to be asked for:
 *     {@code stream_options.include_usage}
 * @param maxOutputTokens most tokens of one answer, null if it sets no bound
 * @param choices how many answers are asked for, at least 1
 * @param size how much it brings to the model
 * @param cacheable what it asks to be kept
 * @param responseFormat the format of the answer as it is named there ({@code json_schema}, {@code
 *     application/json}, {@code mp3}), or null
 * @param messages turns, texts to embed, documents to rank: what the shape has a list of
 * @param tools tools that are offered
 * @param temperature the temperature, or null
 * @param topP the share of nucleus sampling, or null
 * @param serviceTier the service tier that is asked for, or null
 * @param user the end user's id as the provider is told it, or null
 * @param metadata names and values that the provider is told to keep, at most 16
 */
public record ReadRequest(
    RequestShape shape,
    @Nullable String problem,
    @Nullable String provider,
    @Nullable String model,
    @Nullable String operation,
    boolean streamed,
    boolean usageAsked,
    @Nullable Long maxOutputTokens,
    int choices,
    RequestSize size,
    CacheablePrefix cacheable,
    @Nullable String responseFormat,
    long messages,
    long tools,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable String serviceTier,
    @Nullable String user,
    Map<String, String> metadata) {

  /** Copies the metadata. */
  public ReadRequest {
    metadata = Map.copyOf(metadata);
  }

  /** Whether it could be read to its end. */
  public boolean isReadable() {
    return problem == null;
  }

  /**
   * The call that this request is about to make, to reserve for, with {@link
   * RequestSize#CHARACTERS_PER_TOKEN} to estimate its input.
   *
   * @return empty if it names no model
   */
  public Optional<CallRequest> toCallRequest() {
    return toCallRequest(RequestSize.CHARACTERS_PER_TOKEN);
  }

  /**
   * The call that this request is about to make, to reserve for: model, provider, operation and
   * service tier; the tokens of its texts as expected input, left to the configured default where
   * it has none; the bound of its output times its choices, left to an estimate where it has none.
   * Who makes it is not taken from the request: {@code user} is what the provider is told.
   *
   * @param charactersPerToken how many characters make a token of the model, more than 0
   * @return empty if it names no model
   * @throws IllegalArgumentException if {@code charactersPerToken} is not a number above 0
   */
  public Optional<CallRequest> toCallRequest(double charactersPerToken) {
    long input = size.textTokens(charactersPerToken);
    if (model == null) {
      return Optional.empty();
    }
    CallRequest call = CallRequest.to(model);
    if (provider != null) {
      call = call.provider(provider);
    }
    if (operation != null) {
      call = call.operation(operation);
    }
    if (serviceTier != null) {
      call = call.serviceTier(serviceTier);
    }
    call = call.asked(settings());
    if (input > 0) {
      call = call.inputTokens(input);
    }
    Long most = mostOutput();
    return Optional.of(most == null ? call : call.maxOutputTokens(most));
  }

  private RequestSettings settings() {
    return new RequestSettings(
        mostOutput(), temperature, topP, messages == 0 ? null : (Long) messages, null);
  }

  private @Nullable Long mostOutput() {
    return maxOutputTokens == null
        ? null
        : (Long) (Math.min(maxOutputTokens, TokenUsage.MAX_PART / choices) * choices);
  }
}
