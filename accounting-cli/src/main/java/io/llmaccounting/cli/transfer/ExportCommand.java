package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Narrowed;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes everything that the database knows. */
@Command(
    name = "export",
    description = {
      "Write everything that the database knows as JSON lines, for 'import' and for other"
          + " programs.",
      "Projects, users, calls, limits, refusals, alerts, the audit log with its seals, keys of"
          + " callers and sealed credentials; not holds of calls under way. Which calls: all, or"
          + " those that options name, and then nothing else."
    },
    footer = {
      "llm-accounting export all.jsonl --force",
      "llm-accounting export --from 2026-03-01 --only usage"
    })
public final class ExportCommand extends AccountingCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE|-",
      description = "Where to; standard output where none or - is given.")
  String file = "-";

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "KIND",
      description =
          "Only lines of these kinds: project, user, usage, limit, denial, alert, audit, key,"
              + " credential.")
  List<String> only = new ArrayList<>();

  @Option(names = "--force", description = "Replace the file where it is there already.")
  boolean force;

  @Mixin Narrowed narrowed = new Narrowed();

  @Override
  protected int run(Run run) throws IOException {
    ExportWriter.Choice choice = choice(run);
    if (file.equals("-")) {
      return write(run, choice, new Unclosed(run.console().out()), true);
    }
    try (NewFile target = NewFile.at(run.console().file(file), force)) {
      int exit = write(run, choice, target.out(), false);
      target.keep();
      return exit;
    }
  }

  private ExportWriter.Choice choice(Run run) {
    TimeRange period = narrowed.period(run.globals().zone());
    UsageFilter filter = narrowed.filter();
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String word : only) {
      kinds.add(
          Kind.of(word)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--only must be of %s, was \"%s\"".formatted(Kind.words(), word))));
    }
    boolean part = !period.equals(TimeRange.always()) || !filter.equals(UsageFilter.all());
    if (part && !kinds.isEmpty() && !kinds.equals(EnumSet.of(Kind.USAGE))) {
      throw new IllegalArgumentException(
          "--only must be usage where --from, --to or other options choose calls, was " + only);
    }
    Set<Kind> all = part ? EnumSet.of(Kind.USAGE) : EnumSet.allOf(Kind.class);
    return new ExportWriter.Choice(kinds.isEmpty() ? all : kinds, period, filter);
  }

  private static int write(Run run, ExportWriter.Choice choice, OutputStream out, boolean isAnswer)
      throws IOException {
    Instant completeFrom = run.backend().usage().completeFrom();
    if (completeFrom.isAfter(choice.period().from())) {
      run.note(
          "calls before %s were purged: they are not in the export, nor what lifetime limits counted of them"
              .formatted(completeFrom));
    }
    long calls =
        run.accounting().report(choice.period()).only(choice.filter()).run().total().calls();
    ExportWriter writer;
    Map<Kind, Long> counts;
    try (ProgressBar progress = run.progress("export", calls)) {
      writer = new ExportWriter(run.accounting(), out, choice, progress);
      counts = writer.run(run.console().clock().instant(), completeFrom);
    }
    if (isAnswer) {
      counts.forEach(
          (kind, lines) -> run.note("%s of %s".formatted(Plural.of(lines, "line"), kind.word())));
    } else {
      try (Sheet sheet = run.rows(List.of(Column.text("kind"), Column.number("lines")))) {
        counts.forEach((kind, lines) -> sheet.row(kind.word(), lines));
      }
    }
    writer.damages().forEach(damage -> run.console().err().println(damage));
    return writer.damages().isEmpty() ? Exit.DONE : Exit.FAILED;
  }

  /** Standard output says nothing when nobody reads it any more: it has to be asked. */
  private static final class Unclosed extends OutputStream {
    private final PrintStream to;

    Unclosed(PrintStream to) {
      this.to = to;
    }

    @Override
    public void write(int b) {
      to.write(b);
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
      to.write(bytes, start, length);
      if (to.checkError()) {
        throw Failure.failed(
            "the output is closed",
            "Keep reading to the end: an export that is cut off is no export.");
      }
    }
  }
}
