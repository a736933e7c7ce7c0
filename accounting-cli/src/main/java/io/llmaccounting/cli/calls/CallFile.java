package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** Records the calls of a file, or of standard input. For one thread. */
final class CallFile {
  private static final List<Column> COLUMNS =
      List.of(
          Column.number("recorded"),
          Column.number("duplicates"),
          Column.number("failed"),
          Column.number("lines"));

  // enough to tell a line of its own from the beginning of something longer
  private static final int LOOK = 256;

  private final Run run;
  private final CallOptions defaults;
  private final CallBatch batch;

  CallFile(Run run, CallOptions defaults) {
    this.run = run;
    this.defaults = defaults;
    this.batch = new CallBatch(run, this::complain);
  }

  /** Records all that can be; tells of the rest by number. */
  int track(String name) throws IOException {
    if (defaults.id != null) {
      throw new IllegalArgumentException(
          "--id must name one call, was given with --from; lines have an id each");
    }
    if (name.equals("-")) {
      return track(run.console().in());
    }
    try (InputStream in = Files.newInputStream(run.console().file(name))) {
      return track(in);
    }
  }

  private int track(InputStream in) throws IOException {
    CallReader reader = new CallReader(defaults, run.globals().zone());
    PushbackInputStream looked = new PushbackInputStream(in, LOOK);
    byte[] start = looked.readNBytes(LOOK);
    looked.unread(start);
    long lines = isWholeAnswer(start) ? whole(reader, looked) : lines(reader, looked);
    batch.flush();
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(batch.recorded(), batch.duplicates(), batch.failed(), lines);
    }
    return batch.failed() == 0 ? Exit.DONE : Exit.FAILED;
  }

  private long lines(CallReader reader, InputStream in) throws IOException {
    Lines lines = new Lines(in);
    long last = 0;
    for (Lines.Line next = lines.next(); next != null; next = lines.next()) {
      Lines.Line line = next;
      last = line.number();
      if (!line.isBlank()) {
        batch.add(last, () -> reader.read(line));
      }
    }
    return last;
  }

  private long whole(CallReader reader, InputStream in) {
    batch.add(1, () -> reader.readWhole(in));
    return 1;
  }

  // An answer that was printed for people, a list of them, or an event stream.
  private static boolean isWholeAnswer(byte[] start) {
    String text = new String(start, StandardCharsets.UTF_8).stripLeading();
    String first = text.lines().findFirst().orElse("").strip();
    boolean hasMore = text.indexOf('\n') >= 0;
    return (first.equals("{") && hasMore)
        || first.startsWith("[")
        || first.startsWith("data:")
        || first.startsWith("event:")
        || first.startsWith(":");
  }

  private void complain(long line, String message) {
    run.console().err().println("line " + line + ": " + Escaped.line(message));
  }
}
