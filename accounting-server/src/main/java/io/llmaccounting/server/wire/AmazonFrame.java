package io.llmaccounting.server.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A frame of {@code application/vnd.amazon.eventstream}. */
final class AmazonFrame {
  private static final int PRELUDE = 12;
  private static final int CHECKSUM = 4;
  private static final byte TEXT = 7;

  private AmazonFrame() {}

  /** The frame that ends a stream with an exception of this type. */
  static Buffer exception(String type, String json) {
    Buffer headers = Buffer.buffer();
    header(headers, ":exception-type", type);
    header(headers, ":content-type", "application/json");
    header(headers, ":message-type", "exception");
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    Buffer frame =
        Buffer.buffer()
            .appendInt(PRELUDE + headers.length() + payload.length + CHECKSUM)
            .appendInt(headers.length());
    frame.appendInt(checksum(frame)).appendBuffer(headers).appendBytes(payload);
    return frame.appendInt(checksum(frame));
  }

  private static void header(Buffer headers, String name, String value) {
    headers
        .appendByte((byte) name.length())
        .appendString(name)
        .appendByte(TEXT)
        .appendShort((short) value.length())
        .appendString(value);
  }

  private static int checksum(Buffer bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes.getBytes());
    return (int) checksum.getValue();
  }
}
