package io.llmaccounting.springai;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose model is asked, by the package of Spring AI's module for it. */
final class Seller {
  private static final String PACKAGE = "org.springframework.ai.";

  private static final Map<String, String> PROVIDERS =
      Map.ofEntries(
          Map.entry("anthropic", "anthropic"),
          Map.entry("azure", "azure.ai.openai"),
          Map.entry("bedrock", "aws.bedrock"),
          Map.entry("deepseek", "deepseek"),
          Map.entry("google", "gcp.gemini"),
          Map.entry("mistralai", "mistral_ai"),
          Map.entry("ollama", "ollama"),
          Map.entry("vertexai", "gcp.vertex_ai"));

  // The module for OpenAI is that for everybody who answers in its shape.
  private static final Pattern OF_OPENAI =
      Pattern.compile("(ft:)?(gpt-(?!oss)|chatgpt-|o\\d|text-embedding-|dall-e-|codex-).*");

  // These tell usage before the end, so that usage says nothing of the end.
  private static final Set<String> RUNNING = Set.of("anthropic", "google", "vertexai");

  private Seller() {}

  /** The module that {@code told}, a model or its options, is of; empty if none is known. */
  static String module(@Nullable Object told) {
    for (Class<?> type = told == null ? null : told.getClass();
        type != null && type != Object.class;
        type = type.getSuperclass()) {
      String name = type.getName();
      if (name.startsWith(PACKAGE)) {
        String module = name.substring(PACKAGE.length()).split("\\.", 2)[0];
        if (module.equals("openai") || PROVIDERS.containsKey(module)) {
          return module;
        }
      }
    }
    return "";
  }

  /** OpenTelemetry's name of the provider of {@code model}; null where it is not known. */
  static @Nullable String provider(String module, String model) {
    if (module.equals("openai")) {
      return OF_OPENAI.matcher(model).matches() ? "openai" : null;
    }
    return PROVIDERS.get(module);
  }

  /** Whether a stream without the reason of its end has ended: usage came last, or nobody knows. */
  static boolean endsWithout(String module, boolean hasUsage) {
    return module.isEmpty() || (hasUsage && !RUNNING.contains(module));
  }
}
