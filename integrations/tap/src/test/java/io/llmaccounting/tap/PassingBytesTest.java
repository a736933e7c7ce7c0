package io.llmaccounting.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Packed and framed bodies, cut anywhere, and bodies that only say that they are. */
class PassingBytesTest {
  private static final String TEXT = "{\"usage\":{\"prompt_tokens\":1}}".repeat(500);

  private final ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
  private final Bytes sink = (piece, offset, length) -> unpacked.write(piece, offset, length);

  private String text() {
    return unpacked.toString(StandardCharsets.UTF_8);
  }

  private static void pass(byte[] all, Bytes to, int step) throws UnreadableBytes {
    for (int from = 0; from < all.length; from += step) {
      to.take(all, from, Math.min(step, all.length - from));
    }
    to.close();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  @Test
  void unpacksWhatIsCutAtAnyByte() throws Exception {
    for (int step : new int[] {1, 2, 7, 100_000}) {
      unpacked.reset();
      pass(gzip(TEXT), new Unpacked(sink), step);
      assertThat(text()).isEqualTo(TEXT);
    }
  }

  @Test
  void unpacksMembersThatFollowOneAnother() throws Exception {
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    two.writeBytes(gzip("first "));
    two.writeBytes(gzip("second"));

    pass(two.toByteArray(), new Unpacked(sink), 3);

    assertThat(text()).isEqualTo("first second");
  }

  @Test
  void unpacksBehindAHeaderWithEveryField() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 0});
    packed.writeBytes(new byte[] {3, 0, 1, 2, 3});
    packed.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    packed.writeBytes(new byte[] {9, 9});
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    deflater.setInput("hello".getBytes(StandardCharsets.US_ASCII));
    deflater.finish();
    byte[] body = new byte[100];
    packed.write(body, 0, deflater.deflate(body));
    deflater.end();

    pass(packed.toByteArray(), new Unpacked(sink), 1);

    assertThat(text()).isEqualTo("hello");
  }

  @Test
  void tellsWhatIsNotPacked() {
    assertThatThrownBy(
            () ->
                pass("{\"plain\":true}".getBytes(StandardCharsets.US_ASCII), new Unpacked(sink), 5))
        .isInstanceOf(UnreadableBytes.class)
        .hasMessageContaining("not packed by gzip");
  }

  private static byte[] frame(String type, String payload) throws IOException {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(headers);
    out.writeByte(4);
    out.writeBytes("flag");
    out.writeByte(0);
    out.writeByte(11);
    out.writeBytes(":event-type");
    out.writeByte(7);
    out.writeUTF(type);
    byte[] content = payload.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    out = new DataOutputStream(frame);
    out.writeInt(16 + headers.size() + content.length);
    out.writeInt(headers.size());
    out.writeInt(0);
    out.write(headers.toByteArray());
    out.write(content);
    out.writeInt(0);
    return frame.toByteArray();
  }

  @Test
  void makesALineOfEachFrame() throws Exception {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(frame("messageStop", "{\"stopReason\":\"end_turn\"}"));
    String inner = Base64.getEncoder().encodeToString("{\"type\":\"ping\"}".getBytes());
    frames.writeBytes(frame("chunk", "{\"bytes\":\"" + inner + "\"}"));
    frames.writeBytes(frame("metadata", "{\"text\":\"" + "x".repeat(10_000) + "\"}"));

    pass(frames.toByteArray(), new EventFrames(sink), 11);

    assertThat(text().lines())
        .containsExactly(
            "{\"messageStop\":{\"stopReason\":\"end_turn\"}}",
            "{\"type\":\"ping\"}",
            "{\"metadata\":{\"text\":\"" + "x".repeat(10_000) + "\"}}");
  }

  @Test
  void hostileFramesAreRefusedOrIgnoredAndNeverMore() throws Exception {
    byte[] good = frame("metadata", "{\"usage\":{\"inputTokens\":1}}");
    Random random = new Random(42);
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        pass(bad, new EventFrames(sink), 1 + random.nextInt(20));
      } catch (UnreadableBytes refused) {
        assertThat(refused).hasMessageStartingWith("the answer could not be read as it passed");
      }
    }
  }
}
