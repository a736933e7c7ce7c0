package io.llmaccounting.server.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Text as JSON has it. */
final class JsonText {
  private static final String SHORT = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private JsonText() {}

  /** {@code text} between quotes, with escapes. */
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /**
   * What {@code inner}, the inside of a text that is at byte {@code at}, says.
   *
   * @throws UnreadableJson if it has an escape that JSON does not know
   */
  static String unescaped(String inner, int at) throws UnreadableJson {
    StringBuilder text = new StringBuilder(inner.length());
    int i = 0;
    while (i < inner.length()) {
      char next = inner.charAt(i++);
      if (next != '\\') {
        text.append(next);
        continue;
      }
      char escape = i < inner.length() ? inner.charAt(i++) : 0;
      int known = SHORT.indexOf(escape);
      if (known >= 0) {
        text.append(MEANT.charAt(known));
      } else if (escape == 'u' && i + 4 <= inner.length()) {
        text.append(unit(inner.substring(i, i + 4), at));
        i += 4;
      } else {
        throw new UnreadableJson("an escape", at);
      }
    }
    return text.toString();
  }

  private static char unit(String hex, int at) throws UnreadableJson {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(hex.charAt(i), 16);
      if (digit < 0) {
        throw new UnreadableJson("an escape", at);
      }
      unit = unit * 16 + digit;
    }
    return (char) unit;
  }
}
