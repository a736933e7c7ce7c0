package io.llmaccounting.providers.prices;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's names of providers, and the others that SDKs, frameworks and gateways use for
 * them. Case does not matter, nor whether words are joined by {@code -}, {@code _}, {@code .} or a
 * blank.
 */
final class ProviderNames {
  private static final Map<String, List<String>> SYNONYMS =
      Map.ofEntries(
          Map.entry(
              "openai",
              List.of(
                  "open-ai",
                  "openai-chat",
                  "openai-responses",
                  "openai-completion",
                  "openai-official",
                  "text-completion-openai",
                  "openai-embedding")),
          Map.entry("anthropic", List.of("claude", "anthropic-messages", "anthropic-claude")),
          Map.entry(
              "gcp.gemini",
              List.of(
                  "google",
                  "gemini",
                  "google-genai",
                  "google-gen-ai",
                  "google-generative-ai",
                  "google-ai",
                  "google-ai-gemini",
                  "google-ai-studio",
                  "google-gemini",
                  "googleai",
                  "google-genai-chat")),
          Map.entry(
              "gcp.vertex_ai",
              List.of(
                  "vertex",
                  "vertex-ai",
                  "vertexai",
                  "google-vertex",
                  "google-vertex-ai",
                  "google-vertex-ai-gemini",
                  "google-vertex-anthropic",
                  "vertex-ai-gemini",
                  "vertex-ai-anthropic",
                  "vertex-anthropic",
                  "vertex-meta",
                  "vertex-mistral",
                  "vertexai-gemini",
                  "gcp-vertexai")),
          Map.entry("gcp.gen_ai", List.of()),
          Map.entry(
              "aws.bedrock",
              List.of(
                  "bedrock",
                  "aws",
                  "amazon",
                  "bedrock-converse",
                  "amazon-bedrock",
                  "amazon-bedrock-converse",
                  "aws-bedrock-converse",
                  "bedrock-anthropic",
                  "aws-claude")),
          Map.entry(
              "azure.ai.openai",
              List.of(
                  "azure",
                  "azure-openai",
                  "azure-open-ai",
                  "azureopenai",
                  "az-ai-openai",
                  "azure-openai-responses",
                  "azure-text",
                  "microsoft-foundry")),
          Map.entry(
              "azure.ai.inference",
              List.of(
                  "azure-ai",
                  "azure-ai-foundry",
                  "azure-foundry",
                  "azure-inference",
                  "az-ai-inference")),
          Map.entry("mistral_ai", List.of("mistral", "mistralai", "mistral-ai-chat")),
          Map.entry("x_ai", List.of("xai", "grok")),
          Map.entry("deepseek", List.of("deep-seek", "deepseek-ai", "deepseek-chat")),
          Map.entry("cohere", List.of("cohere-chat")),
          Map.entry("meta", List.of("meta-llama")),
          Map.entry("perplexity", List.of("perplexity-ai", "pplx")),
          Map.entry("groq", List.of("groqcloud")),
          Map.entry("openrouter", List.of("open-router")),
          Map.entry("together_ai", List.of("together", "togetherai")),
          Map.entry("fireworks_ai", List.of("fireworks", "fireworksai")),
          Map.entry("moonshot_ai", List.of("moonshot", "moonshotai", "kimi")),
          Map.entry(
              "alibaba_cloud",
              List.of(
                  "dashscope",
                  "alibaba",
                  "alibabacloud",
                  "qwen",
                  "alibaba-cn",
                  "bailian",
                  "model-studio")),
          Map.entry("zhipu_ai", List.of("zhipu", "zhipuai", "z-ai", "zai", "bigmodel")),
          Map.entry("minimax", List.of("mini-max", "minimaxi")),
          Map.entry("voyage_ai", List.of("voyage", "voyageai")),
          Map.entry("jina_ai", List.of("jina", "jinaai")),
          Map.entry("hugging_face", List.of("huggingface")),
          Map.entry("ibm.watsonx.ai", List.of("watsonx", "ibm-watsonx")));

  private static final Map<String, String> CANONICAL = canonical();

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

  /** Sellers whose answers say what they cost. */
  private static final Set<String> REPORTING = Set.of("openrouter", "perplexity", "x_ai");

  private ProviderNames() {}

  private static Map<String, String> canonical() {
    Map<String, String> names = new HashMap<>();
    SYNONYMS.forEach(
        (name, others) -> {
          names.put(joined(name), name);
          others.forEach(other -> names.put(joined(other), name));
        });
    return Map.copyOf(names);
  }

  private static String joined(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-').replace(' ', '-');
  }

  /** OpenTelemetry's name for {@code name}; itself in lower case where none is known. */
  static String canonical(String name) {
    String known = CANONICAL.get(joined(name));
    return known == null ? name.toLowerCase(Locale.ROOT) : known;
  }

  /** The provider of a call: the one that was given, else the one that only such names have. */
  static @Nullable String of(@Nullable String given, String model) {
    if (given != null) {
      return canonical(given);
    }
    String lower = model.toLowerCase(Locale.ROOT);
    if (lower.startsWith("arn:aws")) {
      return "aws.bedrock";
    }
    return lower.startsWith("publishers/") || lower.startsWith("projects/")
        ? "gcp.vertex_ai"
        : null;
  }

  /** Where a provider sells what another makes under the same prices: that other, else itself. */
  static String pricedLike(String provider) {
    return provider.equals("gcp.vertex_ai") || provider.equals("gcp.gen_ai")
        ? "gcp.gemini"
        : provider;
  }

  /** Whether answers of {@code provider} say what they cost. */
  static boolean reportsCost(String provider) {
    return REPORTING.contains(provider);
  }

  /** Makers of models before those who resell them; the unknown last. */
  static int rank(String provider) {
    int rank = MAKERS.indexOf(provider);
    return rank < 0 ? MAKERS.size() : rank;
  }
}
