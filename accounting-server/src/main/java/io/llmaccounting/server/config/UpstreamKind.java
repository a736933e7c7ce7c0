package io.llmaccounting.server.config;

import org.jspecify.annotations.Nullable;

/** What stands behind an upstream: how it is reached and how it knows its callers. */
public enum UpstreamKind {
  /** OpenAI. */
  OPENAI("https://api.openai.com", "openai", AuthScheme.BEARER),
  /** Anthropic. */
  ANTHROPIC("https://api.anthropic.com", "anthropic", AuthScheme.X_API_KEY),
  /** Google's Gemini API. */
  GEMINI("https://generativelanguage.googleapis.com", "gcp.gemini", AuthScheme.X_GOOG_API_KEY),
  /** Google's Vertex AI, of a region. */
  VERTEX(null, "gcp.vertex_ai", AuthScheme.BEARER),
  /** OpenAI's models at Azure, of a resource. */
  AZURE(null, "azure.ai.openai", AuthScheme.API_KEY),
  /** Amazon Bedrock, of a region. */
  BEDROCK(null, "aws.bedrock", AuthScheme.BEARER),
  /** Mistral. */
  MISTRAL("https://api.mistral.ai", "mistral_ai", AuthScheme.BEARER),
  /** DeepSeek. */
  DEEPSEEK("https://api.deepseek.com", "deepseek", AuthScheme.BEARER),
  /** xAI. */
  XAI("https://api.x.ai", "x_ai", AuthScheme.BEARER),
  /** Cohere. */
  COHERE("https://api.cohere.com", "cohere", AuthScheme.BEARER),
  /** Ollama, on this machine. */
  OLLAMA("http://127.0.0.1:11434", "ollama", AuthScheme.NONE),
  /** Whatever else speaks OpenAI's language. */
  OPENAI_COMPATIBLE(null, null, AuthScheme.BEARER);

  private final @Nullable String base;
  private final @Nullable String provider;
  private final AuthScheme auth;

  UpstreamKind(@Nullable String base, @Nullable String provider, AuthScheme auth) {
    this.base = base;
    this.provider = provider;
    this.auth = auth;
  }

  /** Where it is by default, without a path; null where that has to be said. */
  public @Nullable String base() {
    return base;
  }

  /** OpenTelemetry's name of the provider; null where that has to be said. */
  public @Nullable String provider() {
    return provider;
  }

  /** How it wants the credential by default. */
  public AuthScheme auth() {
    return auth;
  }
}
