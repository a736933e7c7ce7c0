package io.llmaccounting.sql;

import io.llmaccounting.backend.HoldRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes and reads, as bytes in a hold, what was said of its call when it was admitted. */
final class AskedBytes {
  private static final short ABSENT = -1;

  private AskedBytes() {}

  static byte[] write(HoldRecord.Asked asked) {
    List<byte @Nullable []> texts = new ArrayList<>();
    int size = 1;
    for (String text :
        Arrays.asList(asked.key(), asked.operation(), asked.serviceTier(), asked.region())) {
      byte[] encoded = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
      texts.add(encoded);
      size += Short.BYTES + (encoded == null ? 0 : encoded.length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).put((byte) (asked.batch() ? 1 : 0));
    for (byte[] text : texts) {
      bytes.putShort(text == null ? ABSENT : (short) text.length);
      if (text != null) {
        bytes.put(text);
      }
    }
    return bytes.array();
  }

  static HoldRecord.Asked read(ByteBuffer bytes) {
    boolean batch = bytes.get() != 0;
    String key = text(bytes);
    String operation = text(bytes);
    String serviceTier = text(bytes);
    return new HoldRecord.Asked(key, operation, serviceTier, batch, text(bytes));
  }

  private static @Nullable String text(ByteBuffer bytes) {
    short length = bytes.getShort();
    if (length == ABSENT) {
      return null;
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
