package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.lines.JsonLine;
import io.llmaccounting.cli.lines.JsonLines;
import io.llmaccounting.cli.lines.UsageLine.Tracked;
import io.llmaccounting.providers.UnreadableAnswerException;
import io.llmaccounting.usage.UsageId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Records the calls of a file, or of standard input. For one thread. */
final class CallFile {
  private static final List<Column> COLUMNS =
      List.of(Column.number("recorded"), Column.number("duplicates"), Column.number("failed"));

  // enough to tell a line of its own from the beginning of something longer
  private static final int LOOK = 256;

  private final Run run;
  private final CallOptions options;
  private final CallBatch batch;

  CallFile(Run run, CallOptions options) {
    this.run = run;
    this.options = options;
    this.batch = new CallBatch(run, this::complain);
  }

  /** Records all that can be; tells of the rest by number. */
  int track(String name) throws IOException {
    if (options.id != null) {
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
    SecureRandom random = new SecureRandom();
    CallReader reader =
        new CallReader(
            options,
            run.globals().zone(),
            run.console().clock(),
            instant -> UsageId.create(instant, random));
    PushbackInputStream looked = new PushbackInputStream(in, LOOK);
    byte[] start = looked.readNBytes(LOOK);
    looked.unread(start);
    if (isWholeAnswer(start)) {
      add(1, () -> reader.readWhole(looked));
    } else {
      addLines(reader, looked);
    }
    batch.flush();
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(batch.recorded(), batch.duplicates(), batch.failed());
    }
    return batch.failed() == 0 ? Exit.DONE : Exit.FAILED;
  }

  private void addLines(CallReader reader, InputStream in) throws IOException {
    try (JsonLines lines = new JsonLines(in)) {
      for (Optional<JsonLine> next = lines.next(); next.isPresent(); next = lines.next()) {
        JsonLine line = next.get();
        add(line.number(), () -> reader.read(line, lines::text));
      }
    }
  }

  private interface Source {
    Tracked read() throws IOException;
  }

  private void add(long line, Source source) throws IOException {
    Tracked call;
    try {
      call = source.read();
    } catch (IllegalArgumentException | UnreadableAnswerException e) {
      batch.fail(line, e);
      return;
    }
    batch.add(line, call);
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
