package io.llmaccounting.providers.prices;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which a model is looked up. Interfaces wrap names: Gemini in {@code models/},
 * Vertex AI in {@code publishers/google/models/}, Bedrock in an ARN; libraries put the maker before
 * it. Such a wrapping is taken off where it means the provider of the call. Where no provider is
 * known, {@code openai/gpt-5} is how routers call what they resell, and is left as it is.
 */
final class ModelNames {
  /** Whose models a cloud sells under the maker's name and at prices of its own. */
  private static final Map<String, Set<String>> SOLD =
      Map.of(
          "gcp.vertex_ai", Set.of("gcp.gemini", "anthropic", "mistral_ai", "meta"),
          "gcp.gen_ai", Set.of("gcp.gemini", "anthropic", "mistral_ai", "meta"),
          "azure.ai.openai", Set.of("openai"),
          "azure.ai.inference", Set.of("openai", "anthropic", "cohere", "mistral_ai", "meta"),
          "aws.bedrock", Set.of("anthropic", "openai", "meta", "mistral_ai", "cohere", "deepseek"));

  private ModelNames() {}

  /** The names of {@code model} at {@code provider}, the one that says most first. */
  static List<String> of(String model, @Nullable String provider) {
    String name = unwrapped(model);
    int slash = name.indexOf('/');
    if (slash <= 0 || slash == name.length() - 1 || provider == null) {
      return List.of(name);
    }
    String maker = ProviderNames.canonical(name.substring(0, slash));
    boolean itself = maker.equals(provider) || maker.equals(ProviderNames.pricedLike(provider));
    boolean sold = SOLD.getOrDefault(provider, Set.of()).contains(maker);
    return itself || sold ? List.of(name, name.substring(slash + 1)) : List.of(name);
  }

  private static String unwrapped(String model) {
    String lower = model.toLowerCase(Locale.ROOT);
    int from = 0;
    int publishers = lower.indexOf("publishers/");
    if (lower.startsWith("arn:")) {
      from = lower.lastIndexOf('/') + 1;
    } else if (publishers == 0 || (publishers > 0 && lower.startsWith("projects/"))) {
      int models = lower.indexOf("/models/", publishers);
      from = models < 0 ? 0 : models + "/models/".length();
    } else if (lower.startsWith("models/")) {
      from = "models/".length();
    }
    return from == 0 || from == model.length() ? model : model.substring(from);
  }
}
