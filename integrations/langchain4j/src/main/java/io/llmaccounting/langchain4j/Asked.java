package io.llmaccounting.langchain4j;

import dev.langchain4j.model.ModelProvider;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.usage.TokenUsage;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a call asks room for. */
final class Asked {
  private static final Map<ModelProvider, String> PROVIDERS =
      Map.ofEntries(
          Map.entry(ModelProvider.ANTHROPIC, "anthropic"),
          Map.entry(ModelProvider.AMAZON_BEDROCK, "aws.bedrock"),
          Map.entry(ModelProvider.GOOGLE_AI_GEMINI, "gcp.gemini"),
          Map.entry(ModelProvider.GOOGLE_VERTEX_AI_GEMINI, "gcp.vertex_ai"),
          Map.entry(ModelProvider.GOOGLE_VERTEX_AI_ANTHROPIC, "gcp.vertex_ai"),
          Map.entry(ModelProvider.MICROSOFT_FOUNDRY, "azure.ai.inference"),
          Map.entry(ModelProvider.GITHUB_MODELS, "azure.ai.inference"),
          Map.entry(ModelProvider.MISTRAL_AI, "mistral_ai"),
          Map.entry(ModelProvider.WATSONX, "ibm.watsonx.ai"),
          Map.entry(ModelProvider.COHERE, "cohere"),
          Map.entry(ModelProvider.VOYAGE_AI, "voyage_ai"));

  // The models for OpenAI are those for everybody who answers in its shape.
  private static final Pattern OF_OPENAI =
      Pattern.compile("(ft:)?(gpt-(?!oss)|chatgpt-|o\\d|text-embedding-|dall-e-|codex-).*");

  private Asked() {}

  /**
   * A call of {@code model} that brings so many characters of text.
   *
   * @param model null or blank where the application has not named it: then "unknown"
   */
  static CallRequest of(
      @Nullable String model, @Nullable ModelProvider provider, String operation, long characters) {
    String named = StorableName.orNull(model);
    CallRequest call = CallRequest.to(named == null ? "unknown" : named).operation(operation);
    String seller = provider(provider, call.model());
    long input = -Math.floorDiv(-characters, (long) TokenUsage.CHARACTERS_PER_TOKEN);
    CallRequest sized = input > 0 ? call.inputTokens(input) : call;
    return seller == null ? sized : sized.provider(seller);
  }

  private static @Nullable String provider(@Nullable ModelProvider provider, String model) {
    if (provider == ModelProvider.OPEN_AI) {
      return OF_OPENAI.matcher(model).matches() ? "openai" : null;
    }
    return provider == null ? null : PROVIDERS.get(provider);
  }
}
