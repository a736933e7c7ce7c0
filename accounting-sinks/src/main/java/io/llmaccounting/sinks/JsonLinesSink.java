package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/**
 * Appends records to files in a folder, one JSON object a line: {@code usage-2026-03-02.jsonl} by
 * the day in UTC on which they are written, then {@code usage-2026-03-02.1.jsonl} and so on where a
 * file is full. A batch is on the disk before it counts as taken. What a crash left of a half line
 * is removed before the next batch is written; its record comes again. Safe for use by many threads
 * and processes, which take turns.
 */
public final class JsonLinesSink implements Sink {
  private static final long SMALLEST = 1_024;

  private final String name;
  private final Path folder;
  private final long bytes;
  private final InstantSource clock;

  /**
   * Writes to a folder, which is made where it is missing.
   *
   * @param name the sink's name
   * @param folder where the files lie
   * @param bytes a file that has so many is full; at least 1,024. A batch is never parted, so that
   *     files may be larger by one
   */
  public JsonLinesSink(String name, Path folder, long bytes) {
    this(name, folder, bytes, SinkClock.SYSTEM);
  }

  /** Writes to a folder by a clock that says which day it is. */
  public JsonLinesSink(String name, Path folder, long bytes, InstantSource clock) {
    if (bytes < SMALLEST) {
      throw new IllegalArgumentException("bytes of a file must be 1024 or more, was " + bytes);
    }
    this.name = Objects.requireNonNull(name, "name is required, was null");
    this.folder = Objects.requireNonNull(folder, "folder is required, was null");
    this.bytes = bytes;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Delivery deliver(List<OutboxItem> batch) throws IOException {
    Files.createDirectories(folder);
    ByteBuffer lines = ByteBuffer.wrap(SinkLine.lines(batch));
    Path file = file();
    boolean isNew = !Files.exists(file);
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      long end = whole(channel);
      if (!lock.isValid()) {
        throw new IOException(file + " is locked by somebody else");
      }
      append(channel, end, lines);
      channel.force(true);
    }
    if (isNew) {
      force(folder);
    }
    return Delivery.taken();
  }

  // what could not be written wholly, as on a full disk, is taken back
  private static void append(FileChannel channel, long end, ByteBuffer lines) throws IOException {
    boolean written = false;
    try {
      channel.truncate(end);
      channel.position(end);
      while (lines.hasRemaining()) {
        channel.write(lines);
      }
      written = true;
    } finally {
      if (!written) {
        channel.truncate(end);
      }
    }
  }

  private Path file() throws IOException {
    LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Path file = folder.resolve("usage-" + day + ".jsonl");
    for (int number = 1; Files.exists(file) && Files.size(file) >= bytes; number++) {
      file = folder.resolve("usage-" + day + "." + number + ".jsonl");
    }
    return file;
  }

  // up to where the file consists of whole lines
  private static long whole(FileChannel channel) throws IOException {
    long end = channel.size();
    ByteBuffer block = ByteBuffer.allocate(8_192);
    while (end > 0) {
      long from = Math.max(0, end - block.capacity());
      block.clear().limit((int) (end - from));
      int read = 0;
      while (block.hasRemaining() && read >= 0) {
        read = channel.read(block, from + block.position());
      }
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return from + i + 1;
        }
      }
      end = from;
    }
    return 0;
  }

  // a new name is on the disk once its folder is; Windows cannot, and needs not
  private static void force(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void close() {
    // nothing stays open between batches
  }
}
