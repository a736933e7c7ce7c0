package io.llmaccounting.server.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Text as JSON has it. */
final class JsonText {
  private JsonText() {}

  /** {@code text} between quotes, with escapes. */
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
