package io.llmaccounting.springai;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/** What a call asks room for. */
final class Asked {
  private Asked() {}

  /**
   * A call of {@code model} that brings so many characters of text.
   *
   * @param model null or blank where the application has not named it: then "unknown"
   * @param module whose model it is, see {@link Seller}
   */
  static CallRequest of(@Nullable String model, String module, String operation, long characters) {
    String named = StorableName.orNull(model);
    CallRequest call = CallRequest.to(named == null ? "unknown" : named).operation(operation);
    String seller = Seller.provider(module, call.model());
    long input = -Math.floorDiv(-characters, (long) TokenUsage.CHARACTERS_PER_TOKEN);
    CallRequest sized = input > 0 ? call.inputTokens(input) : call;
    return seller == null ? sized : sized.provider(seller);
  }

  static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
