package io.llmaccounting.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages in a write-ahead log of SQLite, also those behind a frame that is broken. SQLite itself
 * reads up to the first broken one and forgets the rest without a word: right for what a crash left
 * half written, wrong for damage.
 */
final class WalPages {
  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int FRAME_BYTES = FRAME_HEADER_BYTES + SpoolFile.PAGE_BYTES;
  private static final int MAGIC = 0x377F0682;

  private final Map<Integer, byte[]> newest = new HashMap<>();
  private final List<byte[]> broken = new ArrayList<>();
  private boolean damaged;

  private WalPages() {}

  /** Reads the log beside {@code database}; there are no pages where there is no log. */
  static WalPages beside(Path database) throws IOException {
    WalPages pages = new WalPages();
    Path wal = database.resolveSibling(database.getFileName() + "-wal");
    if (Files.exists(wal)) {
      try (FileChannel in = FileChannel.open(wal, StandardOpenOption.READ)) {
        pages.read(in);
      }
    }
    return pages;
  }

  /** True if a frame is broken that is not just the half-written end of an earlier log. */
  boolean isDamaged() {
    return damaged;
  }

  /** The newest intact version of each page, by its number. */
  Map<Integer, byte[]> newest() {
    return newest;
  }

  /** The pages in broken frames. */
  List<byte[]> broken() {
    return broken;
  }

  private void read(FileChannel in) throws IOException {
    ByteBuffer header = bytes(in, 0, HEADER_BYTES);
    ByteBuffer first = bytes(in, HEADER_BYTES, FRAME_BYTES);
    if (first.remaining() < FRAME_HEADER_BYTES) {
      return;
    }
    boolean littleEndian = (header.getInt(0) & 1) == 0;
    Sum sum = new Sum(littleEndian, 0, 0);
    sum.add(header, 0, 24);
    boolean known = (header.getInt(0) | 1) == (MAGIC | 1);
    if (known && sum.equals(header.getInt(24), header.getInt(28))) {
      readFrames(in, header.getLong(16), sum);
      return;
    }
    damaged = true;
    readFrames(in, first.getLong(8), startOf(header, first));
  }

  // The header says in which order bytes are added up. Where it is damaged, the first frame tells.
  private static Sum startOf(ByteBuffer header, ByteBuffer first) {
    int one = header.getInt(24);
    int two = header.getInt(28);
    boolean isNative = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    if (first.remaining() == FRAME_BYTES) {
      Sum other = new Sum(!isNative, one, two);
      other.addFrame(first);
      if (other.equals(first.getInt(16), first.getInt(20))) {
        return new Sum(!isNative, one, two);
      }
    }
    return new Sum(isNative, one, two);
  }

  // A frame is checked against the checksum that the frame before it states, so that one broken
  // frame does not make all that follow look broken.
  private void readFrames(FileChannel in, long salts, Sum sum) throws IOException {
    boolean before = true;
    boolean startedOver = false;
    boolean torn = false;
    long at = HEADER_BYTES;
    for (ByteBuffer frame = bytes(in, at, FRAME_BYTES);
        frame.remaining() >= FRAME_HEADER_BYTES;
        frame = bytes(in, at, FRAME_BYTES)) {
      boolean whole = frame.remaining() == FRAME_BYTES;
      boolean salted = frame.getLong(8) == salts;
      if (whole) {
        sum.addFrame(frame);
      }
      boolean intact = whole && before && sum.equals(frame.getInt(16), frame.getInt(20));
      if (intact && salted) {
        newest.put(frame.getInt(0), page(frame));
      } else if (intact || salted) {
        torn |= whole;
        broken.add(page(frame));
      } else {
        startedOver |= whole;
      }
      before = intact || salted;
      sum.set(frame.getInt(16), frame.getInt(20));
      at += FRAME_BYTES;
    }
    // Frames of an earlier time are still there only until the first commit after it: what is half
    // written before them was never acknowledged.
    damaged |= torn && !startedOver;
  }

  private static byte[] page(ByteBuffer frame) {
    byte[] page = new byte[Math.max(0, frame.remaining() - FRAME_HEADER_BYTES)];
    frame.get(FRAME_HEADER_BYTES, page);
    return page;
  }

  private static ByteBuffer bytes(FileChannel in, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && in.read(bytes, at + bytes.position()) >= 0) {
      // reads until full or at the end of the file
    }
    return bytes.flip();
  }

  /** The running checksum of a log: two words, each adding the other. */
  private static final class Sum {
    private final ByteOrder order;
    private int one;
    private int two;

    Sum(boolean littleEndian, int one, int two) {
      this.order = littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      this.one = one;
      this.two = two;
    }

    void set(int one, int two) {
      this.one = one;
      this.two = two;
    }

    boolean equals(int one, int two) {
      return this.one == one && this.two == two;
    }

    void addFrame(ByteBuffer frame) {
      add(frame, 0, 8);
      add(frame, FRAME_HEADER_BYTES, SpoolFile.PAGE_BYTES);
    }

    void add(ByteBuffer bytes, int from, int count) {
      ByteBuffer words = bytes.duplicate().order(order);
      for (int at = from; at < from + count; at += 2 * Integer.BYTES) {
        one += words.getInt(at) + two;
        two += words.getInt(at + Integer.BYTES) + one;
      }
    }
  }
}
