package io.llmaccounting.cli.calls;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, by number, in memory that no line can exhaust. For one thread. */
final class Lines {
  static final int LONGEST = 16 * 1024 * 1024;

  private final InputStream in;
  private long number;

  /** A line; {@code bytes} is null where it was too long to be kept. */
  record Line(long number, byte @Nullable [] bytes) {
    boolean isBlank() {
      if (bytes == null) {
        return false;
      }
      for (byte one : bytes) {
        if (one != ' ' && one != '\t' && one != '\r') {
          return false;
        }
      }
      return true;
    }
  }

  Lines(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /** The next line, null at the end. */
  @Nullable Line next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    int b = in.read();
    if (b < 0) {
      return null;
    }
    boolean fits = true;
    for (; b >= 0 && b != '\n'; b = in.read()) {
      fits = fits && line.size() < LONGEST;
      if (fits) {
        line.write(b);
      }
    }
    number++;
    return new Line(number, fits ? line.toByteArray() : null);
  }
}
