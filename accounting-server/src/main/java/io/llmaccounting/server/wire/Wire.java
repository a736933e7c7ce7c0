package io.llmaccounting.server.wire;

import io.llmaccounting.server.config.UpstreamKind;

/** The language of a request: how errors and event streams look there. */
public enum Wire {
  /** OpenAI's chat completions. */
  OPENAI_CHAT,
  /** OpenAI's responses. */
  OPENAI_RESPONSES,
  /** Whatever else OpenAI and its likes answer: embeddings, files, models. */
  OPENAI_OTHER,
  /** Anthropic's messages, wherever they are served. */
  ANTHROPIC,
  /** Google's generateContent. */
  GEMINI,
  /** Amazon's Converse and InvokeModel. */
  BEDROCK,
  /** Cohere's own. */
  COHERE,
  /** Ollama's own. */
  OLLAMA,
  /** What no upstream stands behind. Errors look as OpenAI's. */
  OTHER;

  /**
   * The language of a request.
   *
   * @param kind what stands behind its upstream
   * @param rawPath the path as it is sent there, percent-encoded, without the query
   */
  public static Wire of(UpstreamKind kind, String rawPath) {
    String path = rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath;
    if (path.endsWith("/chat/completions")) {
      return OPENAI_CHAT;
    }
    if (path.endsWith("/messages/count_tokens") || isMessages(kind, path)) {
      return ANTHROPIC;
    }
    return switch (kind) {
      case ANTHROPIC -> ANTHROPIC;
      case GEMINI -> path.contains("/openai/") ? openAi(path) : GEMINI;
      case VERTEX -> vertex(path);
      case BEDROCK -> path.contains("/openai/") ? openAi(path) : BEDROCK;
      case COHERE -> path.contains("/compatibility/") ? openAi(path) : COHERE;
      case OLLAMA -> path.startsWith("/v1/") ? openAi(path) : OLLAMA;
      case OPENAI, AZURE, MISTRAL, DEEPSEEK, XAI, OPENAI_COMPATIBLE -> openAi(path);
    };
  }

  /** Whether errors look as OpenAI's. */
  public boolean isOpenAi() {
    return this == OPENAI_CHAT || this == OPENAI_RESPONSES || this == OPENAI_OTHER || this == OTHER;
  }

  // threads of assistants have messages of OpenAI's own
  private static boolean isMessages(UpstreamKind kind, String path) {
    return path.endsWith("/v1/messages") && kind != UpstreamKind.OPENAI;
  }

  private static Wire vertex(String path) {
    if (path.contains("/publishers/anthropic/")) {
      return ANTHROPIC;
    }
    if (path.endsWith(":rawPredict") || path.endsWith(":streamRawPredict")) {
      return OPENAI_CHAT;
    }
    return path.contains("/openapi/") ? openAi(path) : GEMINI;
  }

  private static Wire openAi(String path) {
    return path.endsWith("/responses") || path.contains("/responses/")
        ? OPENAI_RESPONSES
        : OPENAI_OTHER;
  }
}
