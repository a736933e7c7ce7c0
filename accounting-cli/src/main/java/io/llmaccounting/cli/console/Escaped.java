package io.llmaccounting.cli.console;

/** Data as text that can do nothing to a terminal: control characters are shown, not sent. */
public final class Escaped {
  private Escaped() {}

  /** {@code text} on one line, every control character as an escape like {@code \n}. */
  public static String line(String text) {
    return escaped(text, "");
  }

  /** {@code text} with line breaks and tabs as they are, other control characters as escapes. */
  static String lines(String text) {
    return escaped(text, "\n\r\t");
  }

  private static String escaped(String text, String kept) {
    int first = 0;
    while (first < text.length() && !isEscaped(text.charAt(first), kept)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isEscaped(c, kept)) {
        append(out, c);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean isEscaped(char c, String kept) {
    return isControl(c) && kept.indexOf(c) < 0;
  }

  // C0, DEL and C1; the marks that reorder text on a terminal; line breaks of Unicode.
  private static boolean isControl(char c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x2028
        || c == 0x2029;
  }

  private static void append(StringBuilder out, char c) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
    }
  }
}
