package io.llmaccounting.tap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks gzip (RFC 1952) as it passes, and hands on what was packed. Confined to one thread. */
final class Unpacked implements Bytes {
  private static final int FIRST = 0x1F;
  private static final int SECOND = 0x8B;
  private static final int HEADER = 10;
  private static final int TRAILER = 8;
  private static final int LONGEST_HEADER = 65_536;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int CHECKED = 2;

  private final Bytes next;
  private final Inflater inflater = new Inflater(true);
  private final ByteArrayOutputStream header = new ByteArrayOutputStream();
  private final byte[] slice = new byte[8_192];
  private boolean inHeader = true;
  private int trailerLeft;

  Unpacked(Bytes next) {
    this.next = next;
  }

  /** Whether {@code body} begins as what is packed does, and as no text that means anything. */
  static boolean isPacked(List<ByteBuffer> body) {
    int[] first = new int[2];
    int known = 0;
    for (ByteBuffer piece : body) {
      for (int i = piece.position(); i < piece.limit() && known < 2; i++) {
        first[known++] = piece.get(i) & 0xFF;
      }
    }
    return first[0] == FIRST && first[1] == SECOND;
  }

  @Override
  public void take(byte[] piece, int offset, int length) throws UnreadableBytes {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (inHeader) {
        from = header(piece, from, end);
      } else if (trailerLeft > 0) {
        int skipped = Math.min(trailerLeft, end - from);
        trailerLeft -= skipped;
        from += skipped;
        inHeader = trailerLeft == 0;
      } else {
        from = body(piece, from, end);
      }
    }
  }

  @Override
  public void close() {
    inflater.end();
    next.close();
  }

  private int header(byte[] piece, int from, int end) throws UnreadableBytes {
    int i = from;
    while (i < end) {
      header.write(piece[i++]);
      if (header.size() >= HEADER && isWhole(header.toByteArray())) {
        header.reset();
        inHeader = false;
        inflater.reset();
        return i;
      }
      if (header.size() > LONGEST_HEADER) {
        throw new UnreadableBytes("its gzip header is too long");
      }
    }
    return i;
  }

  private static boolean isWhole(byte[] header) throws UnreadableBytes {
    if ((header[0] & 0xFF) != FIRST || (header[1] & 0xFF) != SECOND) {
      throw new UnreadableBytes("it is not packed by gzip, as its header says");
    }
    int flags = header[3];
    int at = HEADER;
    if ((flags & EXTRA) != 0) {
      if (header.length < at + 2) {
        return false;
      }
      at += 2 + (header[at] & 0xFF) + ((header[at + 1] & 0xFF) << 8);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      if ((flags & text) != 0) {
        while (at < header.length && header[at] != 0) {
          at++;
        }
        at++;
      }
    }
    at += (flags & CHECKED) != 0 ? 2 : 0;
    return header.length >= at;
  }

  private int body(byte[] piece, int from, int end) throws UnreadableBytes {
    inflater.setInput(piece, from, end - from);
    try {
      for (int n = inflater.inflate(slice); n > 0; n = inflater.inflate(slice)) {
        next.take(slice, 0, n);
      }
    } catch (DataFormatException e) {
      throw new UnreadableBytes("its gzip is broken", e);
    }
    if (!inflater.finished()) {
      return end;
    }
    trailerLeft = TRAILER;
    return end - inflater.getRemaining();
  }
}
