package io.llmaccounting.tap;

import java.nio.charset.StandardCharsets;

/**
 * Finds the event by which a provider gives a stream up, whatever its data: a line {@code event:
 * error}, as Anthropic and the responses of OpenAI have it. What the data say of errors is found by
 * the reader. Confined to one thread.
 */
final class ErrorEvent {
  private static final byte[] LINE = "event:error".getBytes(StandardCharsets.US_ASCII);
  private static final int BLANK = "event:".length();

  // how much of the line was met; below 0 in another line
  private int met;
  private boolean found;

  void take(byte next) {
    if (next == '\n') {
      found |= met == LINE.length;
      met = 0;
    } else if (next != '\r' && (next != ' ' || met != BLANK)) {
      met = met >= 0 && met < LINE.length && LINE[met] == next ? met + 1 : -1;
    }
  }

  boolean wasFound() {
    return found;
  }
}
