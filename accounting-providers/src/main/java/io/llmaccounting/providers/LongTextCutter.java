package io.llmaccounting.providers;

/**
 * Copies JSON and leaves out what its strings have beyond a length, so that the parser, which keeps
 * a whole string in memory, never meets a long one. Confined to one thread.
 */
final class LongTextCutter {
  static final int MAX_TEXT_BYTES = 4_096;

  private static final int UNICODE_DIGITS = 4;

  private boolean inText;
  private boolean afterBackslash;
  private int escapeDigitsLeft;
  private boolean cutting;
  private int textBytes;

  /**
   * Copies from {@code source} to the start of {@code target}, which has room for all of it.
   *
   * @return how many bytes were copied
   */
  int copy(byte[] source, int offset, int length, byte[] target) {
    int copied = 0;
    for (int i = offset; i < offset + length; i++) {
      byte b = source[i];
      if (inText ? keepsInText(b) : keepsOutside(b)) {
        target[copied++] = b;
      }
    }
    return copied;
  }

  private boolean keepsOutside(byte b) {
    if (b == '"') {
      inText = true;
      cutting = false;
      textBytes = 0;
    }
    return true;
  }

  private boolean keepsInText(byte b) {
    boolean inEscape = afterBackslash || escapeDigitsLeft > 0;
    if (!inEscape && b == '"') {
      inText = false;
      return true;
    }
    boolean startsCharacter = !inEscape && (b & 0xC0) != 0x80;
    if (startsCharacter && textBytes >= MAX_TEXT_BYTES) {
      cutting = true;
    }
    if (afterBackslash) {
      afterBackslash = false;
      escapeDigitsLeft = b == 'u' ? UNICODE_DIGITS : 0;
    } else if (escapeDigitsLeft > 0) {
      escapeDigitsLeft--;
    } else {
      afterBackslash = b == '\\';
    }
    textBytes++;
    return !cutting;
  }
}
