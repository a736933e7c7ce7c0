package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.json.JsonLine;
import io.llmaccounting.json.UsageLine.Tracked;
import io.llmaccounting.providers.HistoryListener;
import io.llmaccounting.providers.HistoryReader;
import io.llmaccounting.providers.PastAnswer;
import io.llmaccounting.usage.UsageId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;

/** Records the calls of a file, or of standard input. For one thread. */
final class CallFile implements HistoryListener {
  private static final List<Column> COLUMNS =
      List.of(
          Column.number("recorded"),
          Column.number("duplicates"),
          Column.number("failed"),
          Column.number("superseded"),
          Column.number("skipped"),
          Column.number("lines"));

  private final Run run;
  private final CallOptions options;
  private final CallBatch batch;
  private final CallReader reader;
  private final NotedLines skipped = new NotedLines();
  private final NotedLines unread = new NotedLines();
  private long repeated;
  private long undated;

  CallFile(Run run, FileOptions file, CallOptions options) {
    this.run = run;
    this.options = options;
    this.batch = new CallBatch(run, this::complain);
    SecureRandom random = new SecureRandom();
    this.reader =
        new CallReader(
            file,
            options,
            run.globals().zone(),
            run.console().clock(),
            instant -> UsageId.create(instant, random));
  }

  /** Records all calls that can be recorded; tells of the others by the number of their line. */
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
    long lines = HistoryReader.of(reader.answers()).read(in, this);
    batch.flush();
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          batch.recorded(),
          batch.duplicates() + repeated,
          batch.failed(),
          batch.superseded(),
          skipped.count(),
          lines);
    }
    skipped.tell("%,d skipped: %s (%s)", run::note);
    unread.tell("%,d answers have usage under a key that is not known: %s (%s)", run::note);
    if (undated > 0) {
      run.note(
          "answers that do not say when they were made, dated now: %,d; --at says it for them"
              .formatted(undated));
    }
    return batch.failed() == 0 ? Exit.DONE : Exit.FAILED;
  }

  @Override
  public boolean takes(long line, Set<String> names, byte[] text) {
    if (!CallReader.mayBeOurs(names)) {
      return false;
    }
    add(line, () -> reader.read(JsonLine.of(line, text)));
    return true;
  }

  @Override
  public void answer(PastAnswer answer) {
    add(
        answer.line(),
        () -> {
          Tracked call = reader.read(answer);
          undated += call.timeIsGiven() ? 0 : 1;
          answer.read().unread().forEach(key -> unread.add(answer.line(), key));
          return call;
        });
  }

  @Override
  public void skipped(long line, String reason) {
    skipped.add(line, reason);
  }

  @Override
  public void repeated(long line) {
    repeated++;
  }

  @Override
  public void unreadable(long line, String problem) {
    batch.fail(line, new IllegalArgumentException(problem));
  }

  private interface Source {
    Tracked read();
  }

  private void add(long line, Source source) {
    Tracked call;
    try {
      call = source.read();
    } catch (IllegalArgumentException e) {
      batch.fail(line, e);
      return;
    }
    batch.add(line, call);
  }

  private void complain(long line, String message) {
    run.console().err().println("line " + line + ": " + Escaped.line(message));
  }
}
