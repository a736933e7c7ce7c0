package io.llmaccounting.server.wire;

import static io.llmaccounting.server.wire.JsonText.quoted;

import io.vertx.core.buffer.Buffer;

/**
 * How a stream ends that broke, or was stopped: with an error in the words of its wire, so that no
 * client takes what it has for the whole answer. Only between events, see {@link EventBoundary};
 * elsewhere the connection is just closed.
 */
public final class LastEvent {
  private LastEvent() {}

  /**
   * The bytes that end a stream: a server-sent event, of Ollama a line of JSON, of Bedrock a frame.
   * Never one that says that the stream is complete.
   */
  public static Buffer of(Wire wire, Refusal refusal) {
    return switch (wire) {
      case OPENAI_CHAT, OPENAI_OTHER, GEMINI, OTHER -> data(RefusalShapes.body(refusal, wire));
      case OPENAI_RESPONSES -> named("response.failed", failed(refusal));
      case ANTHROPIC -> named("error", RefusalShapes.body(refusal, wire));
      case COHERE -> named("message-end", ended(refusal));
      case OLLAMA -> Buffer.buffer(RefusalShapes.body(refusal, wire) + "\n");
      case BEDROCK -> AmazonFrame.exception(exception(refusal), RefusalShapes.body(refusal, wire));
    };
  }

  private static Buffer data(String data) {
    return Buffer.buffer("data: " + data + "\n\n");
  }

  private static Buffer named(String event, String data) {
    return Buffer.buffer("event: " + event + "\ndata: " + data + "\n\n");
  }

  /** What Codex and the SDKs read of it; its id and number are the upstream's, and not known. */
  private static String failed(Refusal refusal) {
    return ("{\"type\":\"response.failed\",\"response\":{\"object\":\"response\",\"status\":\"failed\","
            + "\"error\":{\"code\":\"%s\",\"message\":%s},\"incomplete_details\":null,\"output\":[]}}")
        .formatted(refusal.code().word(), quoted(refusal.message()));
  }

  private static String ended(Refusal refusal) {
    return "{\"type\":\"message-end\",\"delta\":{\"error\":%s,\"finish_reason\":\"ERROR\"}}"
        .formatted(quoted(refusal.message()));
  }

  /** Those exceptions that the streams of Converse and InvokeModel may have. */
  private static String exception(Refusal refusal) {
    return switch (refusal.status()) {
      case 429 -> "throttlingException";
      case 500 -> "internalServerException";
      case 502, 504 -> "modelStreamErrorException";
      default -> refusal.status() < 500 ? "validationException" : "serviceUnavailableException";
    };
  }
}
