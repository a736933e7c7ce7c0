package io.llmaccounting.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Eight bytes of SHA-256 over the values of a row under the names of their columns. A column
 * without a value adds nothing, so that rows of older tables keep their checksums.
 */
final class Checksum {
  private Checksum() {}

  static long of(List<String> columns, List<? extends @Nullable Object> values) {
    MessageDigest digest = sha256();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value != null) {
        add(digest, 'c', columns.get(i).getBytes(StandardCharsets.UTF_8));
        add(digest, value);
      }
    }
    return ByteBuffer.wrap(digest.digest()).getLong();
  }

  private static void add(MessageDigest digest, Object value) {
    if (value instanceof Long number) {
      add(digest, 'n', ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    } else if (value instanceof byte[] bytes) {
      add(digest, 'b', bytes);
    } else {
      add(digest, 't', value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  // With its kind and length in front, so that no two rows look the same.
  private static void add(MessageDigest digest, char kind, byte[] bytes) {
    digest.update(
        ByteBuffer.allocate(Character.BYTES + Integer.BYTES)
            .putChar(kind)
            .putInt(bytes.length)
            .array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
