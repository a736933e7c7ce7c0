package io.llmaccounting.providers;

import io.llmaccounting.providers.internal.StorableName;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of answers that were kept: stored answers, result files of batches, transcripts of
 * Claude Code, session files of Codex and what {@code codex exec --json} prints. A file has one
 * JSON object on each line, objects over several lines, an array of objects, or one event stream;
 * it may be compressed with gzip. A forked session of Codex begins with the lines of the session
 * that it was forked from; these are skipped.
 *
 * <p>A message that grows over several lines of a transcript is one answer: the best of its lines,
 * PARTIAL where none says why the message stopped. Totals that go up over a session are taken apart
 * into what each call added. A stream that was kept piece by piece is one answer.
 *
 * <p>At most {@link #MAX_GROWING} messages of a file are kept in memory: beyond that, the oldest is
 * handed on. Safe for use by many threads.
 */
public final class HistoryReader {
  /** How many messages may be growing at the same time. */
  public static final int MAX_GROWING = 1_000;

  static final String NO_USAGE = "has no usage";

  private static final int LOOK = 4_096;

  /** The first bytes of files that cannot be read, with the message for each. */
  private static final Map<String, String> OTHER_FORMS =
      Map.of(
          "28b52ffd", "is compressed with Zstandard: decompress the file (zstd -d) or use gzip",
          "fd377a585a00", "is compressed with xz: decompress the file (xz -d) or use gzip",
          "425a68", "is compressed with bzip2: decompress the file (bzip2 -d) or use gzip",
          "504b0304", "is a zip archive: unpack it, or use gzip",
          "fffe", "is in UTF-16: write the file in UTF-8",
          "feff", "is in UTF-16: write the file in UTF-8");

  private final UsageReader reader;

  private HistoryReader(UsageReader reader) {
    this.reader = reader;
  }

  /** Reads each answer with {@code reader}. */
  public static HistoryReader of(UsageReader reader) {
    return new HistoryReader(Objects.requireNonNull(reader, "reader is required, was null"));
  }

  /**
   * Reads {@code file} to its end and tells {@code listener} what it finds. Leaves {@code file}
   * open.
   *
   * @return how many lines it had; 0 where it is one event stream
   * @throws IOException if reading from {@code file} fails
   */
  public long read(InputStream file, HistoryListener listener) throws IOException {
    BufferedInputStream in = buffered(file);
    byte[] head = head(in);
    if (head.length >= 2 && head[0] == (byte) 0x1F && head[1] == (byte) 0x8B) {
      UnpackedFile unpacked = new UnpackedFile(in);
      long lines = readText(buffered(unpacked), listener);
      String damage = unpacked.damage();
      if (damage != null) {
        listener.unreadable(lines, "is where the compressed file is cut or damaged: " + damage);
      }
      return lines;
    }
    return readText(in, listener);
  }

  private long readText(BufferedInputStream in, HistoryListener listener) throws IOException {
    byte[] head = head(in);
    if (isEventStream(head)) {
      readStream(in, listener);
      return 0;
    }
    String other = otherForm(head);
    if (other != null) {
      listener.unreadable(1, other);
      return 0;
    }
    HistoryTexts texts = new HistoryTexts(in);
    HistoryLines lines = new HistoryLines(reader, listener);
    long last = 0;
    while (texts.next()) {
      last = texts.line();
      if (texts.isTooLong()) {
        listener.unreadable(last, "is longer than " + HistoryTexts.LONGEST + " bytes");
      } else {
        lines.take(last, texts.text(), texts.areElements());
      }
    }
    lines.end();
    return Math.max(last, texts.lines() - 1);
  }

  /** What to do with a file that is no text in UTF-8; null for one that may be. */
  private static @Nullable String otherForm(byte[] head) {
    for (Map.Entry<String, String> form : OTHER_FORMS.entrySet()) {
      byte[] mark = HexFormat.of().parseHex(form.getKey());
      if (head.length >= mark.length && Arrays.equals(head, 0, mark.length, mark, 0, mark.length)) {
        return form.getValue();
      }
    }
    return null;
  }

  private static BufferedInputStream buffered(InputStream in) {
    return new BufferedInputStream(in, 64 * 1024);
  }

  private static byte[] head(BufferedInputStream in) throws IOException {
    in.mark(LOOK);
    byte[] head = in.readNBytes(LOOK);
    in.reset();
    return head;
  }

  private static boolean isEventStream(byte[] head) {
    String start = new String(head, StandardCharsets.UTF_8).stripLeading();
    return start.startsWith("data:")
        || start.startsWith("event:")
        || start.startsWith("id:")
        || start.startsWith("retry:")
        || start.startsWith(":");
  }

  private void readStream(InputStream in, HistoryListener listener) throws IOException {
    try {
      ReadAnswer read = reader.read(in);
      listener.answer(new PastAnswer(1, read, key(read, null)));
    } catch (UnreadableAnswerException e) {
      listener.unreadable(1, String.valueOf(e.getMessage()));
    }
  }

  /** The answer's own id; else what the result file of a batch calls its request. */
  static @Nullable String key(ReadAnswer read, @Nullable String request) {
    String id = read.answer().responseId();
    return id == null ? StorableName.orNull(request) : id;
  }
}
