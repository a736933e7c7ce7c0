package io.llmaccounting.cli.transfer;

import io.llmaccounting.admin.Transfer;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonLine;
import io.llmaccounting.json.JsonLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes in what another database knew. */
@Command(
    name = "import",
    description = {
      "Take in what 'export' wrote: ids, keys, costs and seals exactly as they were.",
      "Taking the same in again changes nothing. What the database knows otherwise stays, is named,"
          + " and stops nothing else. Names are not enforced."
    },
    footer = {"llm-accounting import all.jsonl --dry-run", "llm-accounting import all.jsonl"})
public final class ImportCommand extends AccountingCommand {
  private static final int MOST_PROBLEMS = 1_000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE|-",
      description = "What 'export' wrote; standard input where none or - is given.")
  String file = "-";

  @Option(
      names = "--dry-run",
      description =
          "Read and compare everything, and write nothing; a database that is not there yet counts"
              + " as empty.")
  boolean dryRun;

  @Option(
      names = "--accept-purged",
      description =
          "Take in also what comes from a database that was purged: limits that look further back"
              + " than its calls then count less than they did there.")
  boolean acceptPurged;

  @Override
  protected boolean createsDatabase() {
    return !dryRun;
  }

  @Override
  protected boolean onlyTries() {
    return dryRun;
  }

  @Override
  protected int run(Run run) throws IOException {
    if (file.equals("-")) {
      return read(run, run.console().in(), 0);
    }
    Path path = run.console().file(file);
    try (InputStream in = Files.newInputStream(path)) {
      return read(run, in, Files.size(path));
    }
  }

  private int read(Run run, InputStream in, long size) throws IOException {
    JsonLines lines = new JsonLines(in);
    requireHeader(lines.next().orElse(null));
    Transfer transfer =
        dryRun ? run.accounting().admin().transfer().dryRun() : run.accounting().admin().transfer();
    Map<Kind, ImportReader.Tally> tallies;
    ImportReader reader;
    try (ProgressBar progress = run.progress("import", size)) {
      Consumer<Instant> months = dryRun ? any -> {} : new ImportMonths(run.backend(), run::note);
      reader = new ImportReader(transfer, lines, new Problems(run), progress, months);
      tallies = reader.run();
    }
    print(run, tallies);
    if (dryRun) {
      run.note("nothing was written: a dry run");
    }
    return reader.faults() == 0 ? Exit.DONE : Exit.FAILED;
  }

  private void requireHeader(@Nullable JsonLine first) {
    JsonFields header = first == null ? null : first.fields();
    if (header == null || !Kind.HEADER.equals(kind(header))) {
      throw Failure.failed(
          "the first line must be {\"kind\":\"export\",...} as 'export' writes it, was something"
              + " else",
          "Calls without it are recorded by 'llm-accounting track --from'.");
    }
    long version = header.number("version");
    if (version != Kind.VERSION) {
      throw Failure.failed(
          "the export has version %d, this tool reads version %d".formatted(version, Kind.VERSION),
          "Use the version of the tool that wrote it, or a later one.");
    }
    Instant completeFrom = header.optionalInstant("complete_from");
    if (completeFrom != null && !acceptPurged) {
      throw Failure.failed(
          "the export comes from a database whose calls before %s were purged: what limits and reports counted of them is not in it"
              .formatted(completeFrom),
          "Give --accept-purged to take in the rest; limits that look further back count less"
              + " then.");
    }
  }

  private static @Nullable String kind(JsonFields header) {
    try {
      return header.optionalText("kind");
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void print(Run run, Map<Kind, ImportReader.Tally> tallies) {
    List<Column> columns =
        List.of(
            Column.text("kind"),
            Column.number("lines"),
            Column.number("added"),
            Column.number("unchanged"),
            Column.number("corrected"),
            Column.number("refused"));
    try (Sheet sheet = run.rows(columns)) {
      tallies.forEach(
          (kind, tally) ->
              sheet.row(
                  kind.word(),
                  tally.lines,
                  tally.added,
                  tally.unchanged,
                  tally.corrected,
                  tally.refused));
    }
  }

  /** Names the first problems and counts the rest. */
  private static final class Problems implements Consumer<String> {
    private final Run run;
    private int told;

    Problems(Run run) {
      this.run = run;
    }

    @Override
    public void accept(String problem) {
      told++;
      if (told <= MOST_PROBLEMS) {
        run.console().err().println(Escaped.line(problem));
      } else if (told == MOST_PROBLEMS + 1) {
        run.console().err().println("there are more problems, which are only counted");
      }
    }
  }
}
