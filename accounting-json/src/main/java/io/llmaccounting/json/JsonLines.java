package io.llmaccounting.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads one JSON object a line, in UTF-8. Empty lines are passed over. Memory does not grow with
 * the number of lines, nor with the length of one that is too long. Confined to one thread.
 */
public final class JsonLines implements AutoCloseable {
  /** The longest line, in bytes. */
  public static final int LONGEST = 64 * 1024 * 1024;

  private static final int BUFFER = 64 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final Line line = new Line();
  private int position;
  private int end;
  private long number;
  private long bytes;

  /** A line that outgrew what is kept is known by its length alone. */
  private static final class Line extends ByteArrayOutputStream {
    private boolean tooLong;

    void add(byte[] from, int start, int length) {
      tooLong |= count + length > LONGEST;
      if (!tooLong) {
        write(from, start, length);
      }
    }

    void begin() {
      tooLong = false;
      // one long line must not hold its memory for the rest of the file
      if (buf.length > BUFFER) {
        buf = new byte[BUFFER];
      }
      reset();
    }

    JsonLine parse(long number) {
      return tooLong
          ? JsonLine.bad(number, "the line is longer than " + LONGEST + " bytes")
          : JsonLine.parse(number, buf, start(), count);
    }

    private int start() {
      boolean marked =
          count >= 3 && buf[0] == (byte) 0xEF && buf[1] == (byte) 0xBB && buf[2] == (byte) 0xBF;
      return marked ? 3 : 0;
    }

    boolean isBlank() {
      for (int i = 0; i < count; i++) {
        if (buf[i] != ' ' && buf[i] != '\t' && buf[i] != '\r') {
          return false;
        }
      }
      return !tooLong;
    }
  }

  /** Reads from {@code in}, which is closed with this. */
  public JsonLines(InputStream in) {
    this.in = in;
  }

  /** The next line that is not empty, good or bad; empty at the end. */
  public Optional<JsonLine> next() throws IOException {
    while (readLine()) {
      if (!line.isBlank()) {
        return Optional.of(line.parse(number));
      }
    }
    return Optional.empty();
  }

  private boolean readLine() throws IOException {
    line.begin();
    number++;
    boolean any = false;
    while (position < end || fill()) {
      any = true;
      int start = position;
      while (position < end && buffer[position] != '\n') {
        position++;
      }
      line.add(buffer, start, position - start);
      if (position < end) {
        position++;
        return true;
      }
    }
    return any;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, in.read(buffer));
    bytes += end;
    return end > 0;
  }

  /** The line that was last returned, as it was read; cut where it was too long to be kept. */
  public byte[] text() {
    return line.toByteArray();
  }

  /** How many bytes were read so far. */
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
