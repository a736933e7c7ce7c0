package io.llmaccounting.openai;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A streamed chat without the chunk that brings its usage, for an application that has not asked
 * for it. Lines pass as soon as they are whole. Confined to one thread, but for its closing.
 */
final class WithoutUsage extends InputStream {
  // the chunk with the usage is shorter by far; what is longer passes in pieces
  private static final int LONGEST = 65_536;

  private final InputStream body;
  private final StreamUsage usage;
  private final byte[] piece = new byte[8_192];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private byte[] ready = new byte[0];
  private int at;
  private boolean inLongLine;
  private boolean hidesBlank;

  WithoutUsage(InputStream body, StreamUsage usage) {
    this.body = body;
    this.usage = usage;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (at == ready.length) {
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, ready.length - at);
    System.arraycopy(ready, at, target, offset, count);
    at += count;
    return count;
  }

  private boolean fill() throws IOException {
    int count = body.read(piece, 0, piece.length);
    if (count < 0 && line.size() == 0) {
      return false;
    }
    ByteArrayOutputStream passing = new ByteArrayOutputStream();
    int from = 0;
    for (int i = 0; i < count; i++) {
      if (piece[i] == '\n') {
        line.write(piece, from, i + 1 - from);
        from = i + 1;
        pass(passing);
        inLongLine = false;
      }
    }
    line.write(piece, from, Math.max(0, count - from));
    if (count < 0 || inLongLine || line.size() > LONGEST) {
      inLongLine = count >= 0;
      passing.writeBytes(line.toByteArray());
      line.reset();
    }
    ready = passing.toByteArray();
    at = 0;
    return true;
  }

  private void pass(ByteArrayOutputStream passing) {
    byte[] whole = line.toByteArray();
    line.reset();
    boolean hidden = !inLongLine && (hidesBlank ? isBlank(whole) : usage.isUsageAlone(whole));
    hidesBlank = hidden && !isBlank(whole);
    if (!hidden) {
      passing.writeBytes(whole);
    }
  }

  private static boolean isBlank(byte[] line) {
    return line.length == 1 || (line.length == 2 && line[0] == '\r');
  }

  @Override
  public int available() throws IOException {
    return ready.length - at;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
