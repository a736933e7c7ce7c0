package io.llmaccounting.cli.console;

/** Data as text that can do nothing to a terminal: control characters are shown, not sent. */
public final class Escaped {
  private Escaped() {}

  /** Returns {@code text} on one line, every control character as an escape like {@code \n}. */
  public static String line(String text) {
    return escaped(text, "");
  }

  /**
   * Returns {@code text} with line breaks and tabs as they are, other control characters as
   * escapes.
   */
  static String lines(String text) {
    return escaped(text, "\n\r\t");
  }

  private static String escaped(String text, String kept) {
    int first = 0;
    while (first < text.length() && !isEscaped(text.codePointAt(first), kept)) {
      first += Character.charCount(text.codePointAt(first));
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (isEscaped(c, kept)) {
        append(out, c);
      } else {
        out.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static boolean isEscaped(int c, String kept) {
    return isControl(c) && kept.indexOf(c) < 0;
  }

  // C0, DEL and C1; marks that reorder text on a terminal or cannot be seen; line breaks of
  // Unicode; halves of characters.
  private static boolean isControl(int c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || c == 0xad
        || c == 0x61c
        || c == 0x200b
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x206f)
        || (c >= 0xd800 && c <= 0xdfff)
        || c == 0xfeff
        || (c >= 0xe0000 && c <= 0xe007f);
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        for (char half : Character.toChars(c)) {
          out.append("\\u").append(Integer.toHexString(0x10000 | half), 1, 5);
        }
      }
    }
  }
}
