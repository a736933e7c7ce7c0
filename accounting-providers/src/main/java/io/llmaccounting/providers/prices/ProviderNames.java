package io.llmaccounting.providers.prices;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** OpenTelemetry's names of providers, and the others that are in use for them. */
final class ProviderNames {
  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("google", "gcp.gemini"),
          Map.entry("gemini", "gcp.gemini"),
          Map.entry("vertex", "gcp.vertex_ai"),
          Map.entry("vertex_ai", "gcp.vertex_ai"),
          Map.entry("vertex-anthropic", "gcp.vertex_ai"),
          Map.entry("vertex-meta", "gcp.vertex_ai"),
          Map.entry("vertex-mistral", "gcp.vertex_ai"),
          Map.entry("bedrock", "aws.bedrock"),
          Map.entry("azure", "azure.ai.openai"),
          Map.entry("az.ai.openai", "azure.ai.openai"),
          Map.entry("azure-ai", "azure.ai.inference"),
          Map.entry("az.ai.inference", "azure.ai.inference"),
          Map.entry("mistral", "mistral_ai"),
          Map.entry("xai", "x_ai"));

  private static final List<String> MAKERS =
      List.of(
          "openai",
          "anthropic",
          "gcp.gemini",
          "mistral_ai",
          "cohere",
          "deepseek",
          "x_ai",
          "gcp.vertex_ai",
          "aws.bedrock",
          "azure.ai.openai",
          "azure.ai.inference");

  private ProviderNames() {}

  static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SYNONYMS.getOrDefault(lower, lower);
  }

  /** Where a provider sells what another makes under the same prices: that other, else itself. */
  static String pricedLike(String provider) {
    return provider.equals("gcp.vertex_ai") || provider.equals("gcp.gen_ai")
        ? "gcp.gemini"
        : provider;
  }

  /** Makers of models before those who resell them; the unknown last. */
  static int rank(String provider) {
    int rank = MAKERS.indexOf(provider);
    return rank < 0 ? MAKERS.size() : rank;
  }
}
