package io.llmaccounting.server.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The upstreams that there are without being set up, and the variables that hold credentials. */
final class WellKnown {
  private static final List<UpstreamKind> BY_DEFAULT =
      List.of(
          UpstreamKind.OPENAI,
          UpstreamKind.ANTHROPIC,
          UpstreamKind.GEMINI,
          UpstreamKind.MISTRAL,
          UpstreamKind.DEEPSEEK,
          UpstreamKind.XAI,
          UpstreamKind.COHERE,
          UpstreamKind.OLLAMA);
  private static final Map<UpstreamKind, List<String>> VARIABLES =
      Map.of(
          UpstreamKind.OPENAI, List.of("OPENAI_API_KEY"),
          UpstreamKind.ANTHROPIC, List.of("ANTHROPIC_API_KEY"),
          UpstreamKind.GEMINI, List.of("GEMINI_API_KEY", "GOOGLE_API_KEY"),
          UpstreamKind.MISTRAL, List.of("MISTRAL_API_KEY"),
          UpstreamKind.DEEPSEEK, List.of("DEEPSEEK_API_KEY"),
          UpstreamKind.XAI, List.of("XAI_API_KEY"),
          UpstreamKind.COHERE, List.of("COHERE_API_KEY", "CO_API_KEY"),
          UpstreamKind.AZURE, List.of("AZURE_OPENAI_API_KEY"),
          UpstreamKind.BEDROCK, List.of("AWS_BEARER_TOKEN_BEDROCK"));

  private WellKnown() {}

  static List<String> names() {
    return BY_DEFAULT.stream().map(Forms::word).toList();
  }

  /** The variables that hold the credential of a kind, the first that is set counts. */
  static List<String> variables(UpstreamKind kind) {
    return VARIABLES.getOrDefault(kind, List.of());
  }

  /** What the environment holds for an upstream that has no credential of its own. */
  static Optional<Given> credential(
      UpstreamKind kind, AuthScheme auth, Map<String, String> environment) {
    if (auth == AuthScheme.AWS_SIGV4) {
      return amazon(environment);
    }
    return variables(kind).stream()
        .map(name -> Given.of(environment.getOrDefault(name, ""), name))
        .filter(given -> !given.texts().contains(""))
        .findFirst();
  }

  private static Optional<Given> amazon(Map<String, String> environment) {
    String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
    if (id.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    String text = id + ":" + secret + (token.isEmpty() ? "" : ":" + token);
    return Optional.of(Given.of(text, "AWS_ACCESS_KEY_ID"));
  }

  /** Where a kind is by default; null where that has to be said. */
  static @Nullable String base(UpstreamKind kind, @Nullable String region) {
    if (region == null) {
      return kind.base();
    }
    return switch (kind) {
      case BEDROCK -> "https://bedrock-runtime.%s.amazonaws.com".formatted(region);
      case VERTEX ->
          region.equals("global")
              ? "https://aiplatform.googleapis.com"
              : "https://%s-aiplatform.googleapis.com".formatted(region);
      default -> kind.base();
    };
  }
}
