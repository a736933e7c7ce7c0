package io.llmaccounting.providers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The JSON texts of a file: its lines, or, where its first object is longer than a line or stands
 * in an array, its objects. Memory does not grow with their number, nor with the length of one that
 * is too long. Confined to one thread.
 */
final class HistoryTexts {
  static final int LONGEST = 64 * 1024 * 1024;

  private static final int BUFFER = 64 * 1024;

  private enum Mode {
    UNKNOWN,
    LINES,
    OBJECTS
  }

  /** A text that outgrew what is kept is known by its length alone. */
  private static final class Text extends ByteArrayOutputStream {
    private boolean tooLong;

    void add(byte b) {
      tooLong |= count >= LONGEST;
      if (!tooLong) {
        write(b);
      }
    }

    void begin() {
      tooLong = false;
      // one long text must not hold its memory for the rest of the file
      if (buf.length > BUFFER) {
        buf = new byte[BUFFER];
      }
      reset();
    }
  }

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final Text text = new Text();
  private int position;
  private int end;
  private long line = 1;
  private long textLine = 1;
  private Mode mode = Mode.UNKNOWN;
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean inArray;

  HistoryTexts(InputStream in) {
    this.in = in;
  }

  /** Goes on to the next text that is not blank; false at the end. */
  boolean next() throws IOException {
    text.begin();
    depth = 0;
    inString = false;
    escaped = false;
    while (position < end || fill()) {
      if (takes(buffer[position++])) {
        return true;
      }
    }
    return text.size() > 0;
  }

  /** True if that text is too long to be kept. */
  boolean isTooLong() {
    return text.tooLong;
  }

  /** The text, without blanks before it. */
  byte[] text() {
    return text.toByteArray();
  }

  /** The line on which it begins. */
  long line() {
    return textLine;
  }

  /** True if the texts are the elements of an array. */
  boolean areElements() {
    return inArray;
  }

  /** How many lines there were so far. */
  long lines() {
    return line;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  /** Takes the next byte; true if a text ends with it. */
  private boolean takes(byte b) {
    boolean lineEnds = b == '\n';
    line += lineEnds ? 1 : 0;
    if (text.size() == 0) {
      begins(b);
      return false;
    }
    if (lineEnds && mode == Mode.UNKNOWN) {
      mode = depth > 0 ? Mode.OBJECTS : Mode.LINES;
    }
    if (lineEnds && (mode == Mode.LINES || depth == 0)) {
      return true;
    }
    text.add(b);
    follow(b);
    return mode == Mode.OBJECTS && depth == 0 && (b == '}' || b == ']');
  }

  private void begins(byte b) {
    if (b <= ' ' && b >= 0) {
      return;
    }
    if (mode == Mode.UNKNOWN && b == '[') {
      mode = Mode.OBJECTS;
      inArray = true;
    }
    // a mark of byte order has bytes below zero
    boolean between = mode == Mode.OBJECTS && (b == '[' || b == ']' || b == ',');
    if (between || (line == 1 && isByteOrderMark(b))) {
      return;
    }
    textLine = line;
    text.add(b);
    follow(b);
  }

  private static boolean isByteOrderMark(byte b) {
    return b == (byte) 0xEF || b == (byte) 0xBB || b == (byte) 0xBF;
  }

  private void follow(byte b) {
    if (inString) {
      if (escaped) {
        escaped = false;
      } else if (b == '\\') {
        escaped = true;
      } else if (b == '"') {
        inString = false;
      }
    } else if (b == '"') {
      inString = true;
    } else if (b == '{' || b == '[') {
      depth++;
    } else if (b == '}' || b == ']') {
      depth--;
    }
  }
}
