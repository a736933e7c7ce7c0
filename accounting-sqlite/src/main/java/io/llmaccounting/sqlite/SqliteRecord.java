package io.llmaccounting.sqlite;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows as SQLite writes them: a header of types, then the values. */
final class SqliteRecord {
  private static final long UNREADABLE = -1;
  private static final int NULL = 0;
  private static final int ZERO = 8;
  private static final int ONE = 9;
  private static final int LEAST_BYTES = 12;

  private SqliteRecord() {}

  /** A number of 1 to 9 bytes, 7 bits in each; negative where it does not end. */
  static long varint(ByteBuffer in) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      if (!in.hasRemaining()) {
        return UNREADABLE;
      }
      byte next = in.get();
      value = value << 7 | (next & 0x7F);
      if (next >= 0) {
        return value;
      }
    }
    return in.hasRemaining() ? value << 8 | (in.get() & 0xFF) : UNREADABLE;
  }

  /**
   * A quick look at whether a row of at least {@code least} bytes of header may begin here, whose
   * first column is null. Leaves the buffer where it was.
   */
  static boolean looksLike(ByteBuffer in, int least) {
    int start = in.position();
    long header = varint(in);
    boolean plausible = header >= least / 2 && in.hasRemaining() && in.get() == NULL;
    in.position(start);
    return plausible;
  }

  /** The values of a row, Long, String, byte[] or null; empty where it is none. */
  static List<@Nullable Object> values(byte[] record, int most) {
    ByteBuffer header = ByteBuffer.wrap(record);
    long end = varint(header);
    if (end < 1 || end > record.length) {
      return List.of();
    }
    List<@Nullable Object> values = new ArrayList<>(most);
    ByteBuffer body = ByteBuffer.wrap(record).position((int) end);
    try {
      while (header.position() < end) {
        long type = varint(header);
        if (values.size() == most || type < 0 || type == 7 || type == 10 || type == 11) {
          return List.of();
        }
        values.add(value(type, body));
      }
    } catch (BufferUnderflowException e) {
      return List.of();
    }
    return header.position() == end && !body.hasRemaining() ? values : List.of();
  }

  private static @Nullable Object value(long type, ByteBuffer body) {
    if (type >= LEAST_BYTES) {
      long length = (type - LEAST_BYTES) / 2;
      if (length > body.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] bytes = new byte[(int) length];
      body.get(bytes);
      return type % 2 == 0 ? bytes : new String(bytes, StandardCharsets.UTF_8);
    }
    return switch ((int) type) {
      case NULL -> null;
      case ZERO -> 0L;
      case ONE -> 1L;
      case 5 -> number(body, 6);
      case 6 -> number(body, 8);
      default -> number(body, (int) type);
    };
  }

  private static Long number(ByteBuffer body, int bytes) {
    long value = body.get();
    for (int i = 1; i < bytes; i++) {
      value = value << 8 | (body.get() & 0xFF);
    }
    return value;
  }
}
