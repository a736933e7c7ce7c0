package io.llmaccounting.client.internal.spool;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A file of records, one a line behind its checksum. A line that was not written to its end was
 * promised to nobody.
 */
public final class Segment {
  static final String SUFFIX = ".records";
  private static final int HEAD = 10;

  final Path file;
  private long offset;
  private long records;
  private long bytes;

  private Segment(Path file) {
    this.file = file;
  }

  /** A file that is about to be written. */
  static Segment fresh(Path file) {
    return new Segment(file);
  }

  /** A file that another process left behind. */
  static Segment left(Path file) throws IOException {
    Segment segment = new Segment(file);
    segment.bytes = Files.size(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        segment.records += c == '\n' ? 1 : 0;
      }
    }
    return segment;
  }

  /** Records from the place that was read to. */
  public record Slice(Segment segment, long end, List<SpooledRecord> records) {}

  /** The next records, at most {@code most}; what is damaged is handed to {@code damaged}. */
  Slice read(int most, Consumer<byte[]> damaged) throws IOException {
    List<SpooledRecord> read = new ArrayList<>();
    long end = offset;
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(offset);
      InputStream buffered = new BufferedInputStream(in, 64 * 1024);
      for (byte[] line = line(buffered);
          line != null && read.size() < most;
          line = line(buffered)) {
        end += line.length + 1L;
        SpooledRecord record = parsed(line);
        if (record != null) {
          read.add(record);
        } else {
          damaged.accept(line);
        }
        if (read.size() == most) {
          break;
        }
      }
    }
    return new Slice(this, end, read);
  }

  // what follows the last line feed is no line
  private static byte @Nullable [] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return line.toByteArray();
      }
      line.write(c);
    }
    return null;
  }

  void done(Slice slice) {
    offset = slice.end();
    records = Math.max(0, records - slice.records().size());
  }

  void added(long more, long length) {
    records += more;
    bytes += length;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  static byte[] encoded(SpooledRecord record) {
    byte[] json = record.json();
    int length = json.length > 0 && json[json.length - 1] == '\n' ? json.length - 1 : json.length;
    byte[] line = new byte[HEAD + length + 1];
    byte[] head =
        "%08x%s "
            .formatted(sum(json, 0, length), record.settles() ? "s" : "e")
            .getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(head, 0, line, 0, HEAD);
    System.arraycopy(json, 0, line, HEAD, length);
    line[line.length - 1] = '\n';
    return line;
  }

  private static @Nullable SpooledRecord parsed(byte[] line) {
    if (line.length < HEAD || (line[8] != 'e' && line[8] != 's') || line[9] != ' ') {
      return null;
    }
    String sum = new String(line, 0, 8, StandardCharsets.US_ASCII);
    if (!sum.equals("%08x".formatted(sum(line, HEAD, line.length - HEAD)))) {
      return null;
    }
    byte[] json = new byte[line.length - HEAD];
    System.arraycopy(line, HEAD, json, 0, json.length);
    return new SpooledRecord(json, line[8] == 's');
  }

  private static long sum(byte[] bytes, int from, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, length);
    return sum.getValue();
  }
}
