package io.llmaccounting.server.wire;

/** Bytes are no JSON, or not as far as was looked. */
final class UnreadableJson extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableJson(String expected, int at) {
    super("JSON needs %s at byte %d".formatted(expected, at), null, false, false);
  }
}
