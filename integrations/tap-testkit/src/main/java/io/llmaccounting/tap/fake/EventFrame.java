package io.llmaccounting.tap.fake;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/** Writes frames of {@code application/vnd.amazon.eventstream}, with their checksums. */
final class EventFrame {
  private static final int AROUND = 16;
  private static final int TEXT = 7;

  private EventFrame() {}

  /** The frame of {@code line}, an object with the type of the event around its content. */
  static byte[] of(String line) {
    int colon = line.indexOf(':');
    String type = line.substring(line.indexOf('"') + 1, line.indexOf('"', 2));
    String content = line.substring(colon + 1, line.lastIndexOf('}'));
    return of(type, content.getBytes(StandardCharsets.UTF_8));
  }

  /** The frame of an event of InvokeModel, which carries {@code event} of the model's own. */
  static byte[] ofChunk(String event) {
    String bytes = Base64.getEncoder().encodeToString(event.getBytes(StandardCharsets.UTF_8));
    return of(
        "chunk",
        "{\"bytes\":\"%s\",\"p\":\"abcd\"}".formatted(bytes).getBytes(StandardCharsets.UTF_8));
  }

  /** The frame by which a stream fails. */
  static byte[] ofException(String type, String payload) {
    return of("exception", type, payload.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] of(String type, byte[] payload) {
    return of("event", type, payload);
  }

  private static byte[] of(String message, String type, byte[] payload) {
    try {
      byte[] headers = headers(message, type);
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(frame);
      out.writeInt(AROUND + headers.length + payload.length);
      out.writeInt(headers.length);
      out.writeInt(checksum(frame));
      out.write(headers);
      out.write(payload);
      out.writeInt(checksum(frame));
      return frame.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] headers(String message, String type) throws IOException {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(headers);
    header(out, ":" + message + "-type", type);
    header(out, ":content-type", "application/json");
    header(out, ":message-type", message);
    return headers.toByteArray();
  }

  private static void header(DataOutputStream out, String name, String value) throws IOException {
    out.writeByte(name.length());
    out.writeBytes(name);
    out.writeByte(TEXT);
    out.writeUTF(value);
  }

  private static int checksum(ByteArrayOutputStream written) {
    CRC32 sum = new CRC32();
    sum.update(written.toByteArray());
    return (int) sum.getValue();
  }
}
