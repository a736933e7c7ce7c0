package io.llmaccounting.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The usage of a streamed chat, which comes only to those who ask for it, in a chunk of its own.
 * Safe for use by many threads.
 */
final class StreamUsage {
  private static final Pattern NO_CHOICES = Pattern.compile("\"choices\"\\s*:\\s*\\[\\s*]");
  private static final String OPTIONS = "stream_options";
  private static final String ASK = "include_usage";

  private final JsonMapper json;
  private final boolean asks;

  StreamUsage(JsonMapper json, boolean asks) {
    this.json = json;
    this.asks = asks;
  }

  /** The body with the question for usage; null if it asks itself, or is not streamed. */
  byte @Nullable [] asked(String path, byte[] body) {
    if (!asks || !path.endsWith("/completions")) {
      return null;
    }
    try {
      JsonNode request = json.readTree(body);
      JsonNode options = request.path(OPTIONS);
      if (!(request instanceof ObjectNode changed)
          || !request.path("stream").asBoolean()
          || options.has(ASK)) {
        return null;
      }
      ObjectNode more = options instanceof ObjectNode known ? known : changed.putObject(OPTIONS);
      more.put(ASK, true);
      return json.writeValueAsBytes(changed);
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether a line of a stream is the chunk that brings the usage and nothing else. */
  boolean isUsageAlone(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8);
    if (!text.startsWith("data:") || !NO_CHOICES.matcher(text).find()) {
      return false;
    }
    try {
      JsonNode chunk = json.readTree(text.substring("data:".length()));
      return chunk.path("choices").isEmpty()
          && chunk.path("choices").isArray()
          && chunk.path("usage").isObject();
    } catch (IOException e) {
      return false;
    }
  }
}
