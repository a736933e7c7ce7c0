package io.llmaccounting.providers.request;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Copies JSON, leaves out what its strings have beyond a length, and counts the characters of those
 * that it cut: the parser, which keeps a whole string in memory, never meets a long one, and no
 * length is lost. Confined to one thread.
 */
final class TextMeter {
  static final int MAX_TEXT_BYTES = 4_096;

  private static final int UNICODE_DIGITS = 4;

  /** A string that was cut: which it was, counted from 0, and how many characters it had. */
  private record Cut(long string, long characters) {}

  private final Queue<Cut> cuts = new ArrayDeque<>();
  private boolean inText;
  private boolean afterBackslash;
  private int digitsLeft;
  private int unit;
  private boolean afterHighSurrogate;
  private boolean cutting;
  private long textBytes;
  private long characters;
  private long strings;

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

  /** The characters of string number {@code string} if it was cut, else -1; asked in order. */
  long charactersOf(long string) {
    Cut next = cuts.peek();
    if (next == null || next.string != string) {
      return -1;
    }
    cuts.remove();
    return next.characters;
  }

  private boolean keepsOutside(byte b) {
    if (b == '"') {
      inText = true;
      cutting = false;
      afterHighSurrogate = false;
      textBytes = 0;
      characters = 0;
    }
    return true;
  }

  private boolean keepsInText(byte b) {
    if (afterBackslash) {
      endEscape(b);
    } else if (digitsLeft > 0) {
      digit(b);
    } else if (b == '"') {
      end();
      return true;
    } else {
      startCharacter(b);
    }
    textBytes++;
    return !cutting;
  }

  private void startCharacter(byte b) {
    if ((b & 0xC0) == 0x80) {
      return;
    }
    if (textBytes >= MAX_TEXT_BYTES) {
      cutting = true;
    }
    if (b == '\\') {
      afterBackslash = true;
    } else {
      characters++;
      afterHighSurrogate = false;
    }
  }

  private void endEscape(byte b) {
    afterBackslash = false;
    if (b == 'u') {
      digitsLeft = UNICODE_DIGITS;
      unit = 0;
    } else {
      characters++;
      afterHighSurrogate = false;
    }
  }

  private void digit(byte b) {
    digitsLeft--;
    unit = unit << 4 | Math.max(0, Character.digit(b, 16));
    if (digitsLeft == 0) {
      boolean pair = afterHighSurrogate && Character.isLowSurrogate((char) unit);
      characters += pair ? 0 : 1;
      afterHighSurrogate = Character.isHighSurrogate((char) unit);
    }
  }

  private void end() {
    inText = false;
    if (cutting) {
      cuts.add(new Cut(strings, characters));
    }
    strings++;
  }
}
