package io.llmaccounting.tap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Takes the frames of {@code application/vnd.amazon.eventstream} as they pass, and hands on a line
 * of JSON for each event: {@code {"metadata":{..}}}. An event that carries the bytes of a model's
 * own answer, as those of InvokeModel do, is that answer's line, and an exception one like those
 * that other providers end their streams with: {@code {"error":{"type":..}}}. Keeps one frame at a
 * time. Checksums are left to the client. Confined to one thread.
 */
final class EventFrames implements Bytes {
  private static final int PRELUDE = 12;
  private static final int CHECKSUM = 4;
  // the service's own bound is 24 MB
  private static final int LARGEST = 25 * 1024 * 1024;
  private static final int TEXT = 7;
  // sizes of header values by their type; those of 6 and 7 tell theirs
  private static final int[] SIZES = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};
  private static final byte[] BYTES = "{\"bytes\":\"".getBytes(StandardCharsets.US_ASCII);

  private final Bytes next;
  private byte[] frame = new byte[4_096];
  private int filled;
  private int total = PRELUDE;

  EventFrames(Bytes next) {
    this.next = next;
  }

  @Override
  public void take(byte[] piece, int offset, int length) throws UnreadableBytes {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      int taken = Math.min(total - filled, end - from);
      System.arraycopy(piece, from, frame, filled, taken);
      filled += taken;
      from += taken;
      if (filled == PRELUDE && total == PRELUDE) {
        total = lengthOfFrame();
        frame = total > frame.length ? grown() : frame;
      }
      if (filled == total) {
        event();
        filled = 0;
        total = PRELUDE;
      }
    }
  }

  @Override
  public void close() {
    next.close();
  }

  private int lengthOfFrame() throws UnreadableBytes {
    ByteBuffer prelude = ByteBuffer.wrap(frame, 0, PRELUDE);
    int length = prelude.getInt();
    int headers = prelude.getInt();
    if (length < PRELUDE + CHECKSUM
        || length > LARGEST
        || headers < 0
        || headers > length - PRELUDE - CHECKSUM) {
      throw new UnreadableBytes("it has a frame of %d bytes".formatted(length));
    }
    return length;
  }

  private byte[] grown() {
    byte[] larger = new byte[Math.max(total, 2 * frame.length)];
    System.arraycopy(frame, 0, larger, 0, filled);
    return larger;
  }

  private void event() throws UnreadableBytes {
    int payload = PRELUDE + ByteBuffer.wrap(frame, 4, 4).getInt();
    int length = total - CHECKSUM - payload;
    Said said = said(ByteBuffer.wrap(frame, PRELUDE, payload - PRELUDE));
    String type = said.event;
    if (said.error != null) {
      hand("{\"error\":{\"type\":\"" + said.error + "\"}}\n");
    }
    if (type == null || length == 0) {
      return;
    }
    byte[] inner = type.equals("chunk") ? bytesOf(payload, length) : null;
    if (inner != null) {
      next.take(inner, 0, inner.length);
    } else {
      hand("{\"" + type + "\":");
      next.take(frame, payload, length);
      hand("}");
    }
    hand("\n");
  }

  private void hand(String text) throws UnreadableBytes {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    next.take(bytes, 0, bytes.length);
  }

  /**
   * What the headers of a frame say it is.
   *
   * @param event the type of the event, null for what is none
   * @param error the type of the exception or error, null for what is none
   */
  private record Said(@Nullable String event, @Nullable String error) {
    Said with(String name, String value) {
      if (!value.matches("\\w{1,64}")) {
        return this;
      }
      return switch (name) {
        case ":event-type" -> new Said(value, error);
        case ":exception-type", ":error-code" -> new Said(event, value);
        default -> this;
      };
    }
  }

  private static Said said(ByteBuffer headers) throws UnreadableBytes {
    Said found = new Said(null, null);
    while (headers.hasRemaining()) {
      String name = text(headers, headers.get() & 0xFF);
      int type = need(headers, 1).get() & 0xFF;
      if (type >= SIZES.length) {
        throw new UnreadableBytes("it has a header of type %d".formatted(type));
      }
      int size = SIZES[type] < 0 ? need(headers, 2).getShort() & 0xFFFF : SIZES[type];
      String value = text(headers, size);
      found = type == TEXT ? found.with(name, value) : found;
    }
    return found;
  }

  private static String text(ByteBuffer headers, int length) throws UnreadableBytes {
    byte[] bytes = new byte[length];
    need(headers, length).get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static ByteBuffer need(ByteBuffer headers, int length) throws UnreadableBytes {
    if (headers.remaining() < length) {
      throw new UnreadableBytes("the headers of a frame break off");
    }
    return headers;
  }

  /** What {@code {"bytes":".."}} stands for; null if the payload is something else. */
  private byte @Nullable [] bytesOf(int offset, int length) {
    for (int i = 0; i < BYTES.length; i++) {
      if (i >= length || frame[offset + i] != BYTES[i]) {
        return null;
      }
    }
    int from = offset + BYTES.length;
    int to = from;
    while (to < offset + length && frame[to] != '"') {
      to++;
    }
    try {
      return Base64.getDecoder().decode(ByteBuffer.wrap(frame, from, to - from)).array();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
