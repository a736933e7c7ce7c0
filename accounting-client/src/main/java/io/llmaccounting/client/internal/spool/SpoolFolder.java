package io.llmaccounting.client.internal.spool;

import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.client.internal.spool.Segment.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps records in files of a folder: those of this process, and those that processes left which
 * have ended. Several processes may share a folder. Safe for use by many threads.
 */
public final class SpoolFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
  private static final long ROLL_BYTES = 8L * 1024 * 1024;

  private final Path folder;
  private final long maxBytes;
  private final String name = UUID.randomUUID().toString();
  private final List<OwnedFolder> adopted = new ArrayList<>();
  private final Deque<Segment> waiting = new ArrayDeque<>();
  private final OwnedFolder own;
  private @Nullable Segment current;
  private @Nullable FileChannel out;
  private long sequence;
  private long deadLetters;
  private long damaged;
  private boolean closed;

  private SpoolFolder(Path folder, long maxBytes, OwnedFolder own) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.own = own;
  }

  /** Opens {@code folder}, which is made if it is not there, for at most so many bytes. */
  public static SpoolFolder open(Path folder, long maxBytes) throws IOException {
    Files.createDirectories(folder);
    SpoolFolder spool = new SpoolFolder(folder, maxBytes, OwnedFolder.make(folder));
    try (Stream<Path> found = Files.list(folder)) {
      for (Path one : found.sorted().toList()) {
        spool.find(one);
      }
    }
    return spool;
  }

  private void find(Path found) throws IOException {
    if (String.valueOf(found.getFileName()).startsWith("refused-")) {
      // counted byte by byte: whatever somebody has made of the file, the application starts
      try (Stream<String> lines = Files.lines(found, StandardCharsets.ISO_8859_1)) {
        deadLetters += lines.count();
      }
    } else if (!found.equals(own.path) && OwnedFolder.isOne(found)) {
      try {
        adopt(found);
      } catch (NoSuchFileException e) {
        // its process has ended in order meanwhile, and removed it
        LOG.debug("{} is gone", found, e);
      }
    }
  }

  private void adopt(Path found) throws IOException {
    OwnedFolder taken = OwnedFolder.take(found);
    if (taken == null) {
      return;
    }
    List<Path> files = OwnedFolder.segments(found);
    if (files.isEmpty()) {
      taken.close();
      return;
    }
    adopted.add(taken);
    for (Path file : files) {
      waiting.add(Segment.left(file));
    }
  }

  /**
   * Appends records; durable when it returns.
   *
   * @throws SpoolFullException if there is no room; nothing was written
   * @throws IOException if the disk failed; nothing is promised
   */
  public synchronized void append(List<SpooledRecord> records) throws IOException {
    List<byte[]> lines = records.stream().map(Segment::encoded).toList();
    long length = lines.stream().mapToLong(line -> line.length).sum();
    if (bytes() + length > maxBytes) {
      throw new SpoolFullException("the spool " + folder, bytes(), maxBytes);
    }
    FileChannel channel = writable();
    Segment to = java.util.Objects.requireNonNull(current, "it was opened");
    long before = channel.position();
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(length));
    lines.forEach(all::put);
    all.flip();
    try {
      while (all.hasRemaining()) {
        int unused = channel.write(all);
      }
      channel.force(false);
    } catch (IOException e) {
      cutOff(channel, before, e);
      throw e;
    }
    to.added(records.size(), length);
    if (to.bytes() > ROLL_BYTES) {
      roll();
    }
  }

  // the next record begins a line of its own, here or in another file
  private void cutOff(FileChannel channel, long before, IOException failure) {
    try {
      channel.truncate(before);
      channel.position(before);
    } catch (IOException e) {
      failure.addSuppressed(e);
      try {
        roll();
      } catch (IOException again) {
        failure.addSuppressed(again);
      }
    }
  }

  private FileChannel writable() throws IOException {
    if (closed) {
      throw new IOException("the spool " + folder + " is closed");
    }
    FileChannel open = out;
    if (open != null) {
      return open;
    }
    Path file = own.path.resolve("%010d%s".formatted(++sequence, Segment.SUFFIX));
    FileChannel opened =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    out = opened;
    current = Segment.fresh(file);
    syncFolder();
    return opened;
  }

  // where a system cannot open folders it keeps their entries by itself
  private void syncFolder() {
    try (FileChannel entries = FileChannel.open(own.path, StandardOpenOption.READ)) {
      entries.force(true);
    } catch (IOException e) {
      LOG.debug("{} is not synced", own.path, e);
    }
  }

  private void roll() throws IOException {
    Segment full = current;
    FileChannel open = out;
    current = null;
    out = null;
    if (full != null) {
      waiting.add(full);
    }
    if (open != null) {
      open.close();
    }
  }

  /** The oldest records that wait, at most {@code most}; the same until they are done. */
  public synchronized @Nullable Slice next(int most) throws IOException {
    if (waiting.isEmpty() && current != null) {
      roll();
    }
    while (!waiting.isEmpty()) {
      Segment oldest = waiting.getFirst();
      List<byte[]> bad = new ArrayList<>();
      Slice slice = oldest.read(most, bad::add);
      for (byte[] line : bad) {
        keep("damaged-", line);
        damaged++;
      }
      if (!slice.records().isEmpty()) {
        return slice;
      }
      waiting.removeFirst();
      Files.deleteIfExists(oldest.file);
    }
    return null;
  }

  /** The records of a slice are the server's, or were refused by it. */
  public synchronized void done(Slice slice) {
    slice.segment().done(slice);
  }

  /** Keeps a record that the server has refused, for a person to look at. */
  public synchronized void refuse(byte[] json) throws IOException {
    keep("refused-", json);
    deadLetters++;
  }

  private void keep(String prefix, byte[] line) throws IOException {
    byte[] whole =
        line.length > 0 && line[line.length - 1] == '\n'
            ? line
            : java.util.Arrays.copyOf(line, line.length + 1);
    whole[whole.length - 1] = '\n';
    Files.write(
        folder.resolve(prefix + name + ".jsonl"),
        whole,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private Stream<Segment> all() {
    Segment now = current;
    return now == null ? waiting.stream() : Stream.concat(waiting.stream(), Stream.of(now));
  }

  /** How many records wait. */
  public synchronized long records() {
    return all().mapToLong(Segment::records).sum();
  }

  /** How many bytes they take. */
  public synchronized long bytes() {
    return all().mapToLong(Segment::bytes).sum();
  }

  /** How many bytes they may take. */
  public long maxBytes() {
    return maxBytes;
  }

  /** How many records the server has refused. */
  public synchronized long deadLetters() {
    return deadLetters;
  }

  /** How many lines were damaged, and are kept in files of their own. */
  public synchronized long damaged() {
    return damaged;
  }

  /** Since when the oldest file waits, null where nothing does. */
  public synchronized @Nullable Instant oldest() {
    Segment first = all().filter(one -> one.records() > 0).findFirst().orElse(null);
    try {
      return first == null ? null : Files.getLastModifiedTime(first.file).toInstant();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    roll();
    for (Segment segment : waiting) {
      if (segment.records() == 0) {
        Files.deleteIfExists(segment.file);
      }
    }
    closed = true;
    for (OwnedFolder one : adopted) {
      one.close();
    }
    own.close();
  }
}
