package io.llmaccounting.server.wire;

import io.vertx.core.buffer.Buffer;

/** What tells the client of a silent stream that it lives on, without being a part of it. */
public final class KeepAlive {
  private static final String COMMENT = ": keep-alive\n\n";
  private static final String PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";

  private KeepAlive() {}

  /**
   * The bytes to put in between two events; empty where the wire has nothing that every client
   * passes over. Of Google that is so because its SDK for Python reads every line as JSON that does
   * not begin with {@code data:}.
   */
  public static Buffer of(Wire wire) {
    return switch (wire) {
      case OPENAI_CHAT, OPENAI_RESPONSES, OPENAI_OTHER, COHERE, OTHER -> Buffer.buffer(COMMENT);
      case ANTHROPIC -> Buffer.buffer(PING);
      case GEMINI, BEDROCK, OLLAMA -> Buffer.buffer();
    };
  }
}
