package io.llmaccounting.cli.retention;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.cli.console.PlainWords;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.retention.Erasure;
import io.llmaccounting.retention.ErasureKind;
import io.llmaccounting.retention.ErasureReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Erases a person's data. */
@Command(
    name = "erase",
    description = {
      "Erase a person's data: the user's name gives way to a pseudonym in records, tags, rollups,"
          + " limits, counters, denials, alerts and the audit log, and leaves the directory.",
      "No total changes. Not touched: other texts that contain the name, calls that wait in spools"
          + " of applications, backups, and exports made before.",
      "Prints what was changed; with --dry-run what would be, and the pseudonym only with a key,"
          + " since without one each run makes another. Ends with 1 where nothing is stored under"
          + " the name; a dry run only where nothing stands in the way either."
    },
    footer = {
      "llm-accounting erase --user alice --dry-run",
      "llm-accounting erase --user alice --texts --yes"
    })
public final class EraseCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("pseudonym"),
          Column.number("records"),
          Column.number("rollups"),
          Column.number("limits"),
          Column.number("denials"),
          Column.number("alerts"),
          Column.number("audit_entries"),
          Column.number("directory"),
          Column.flag("dry_run"),
          Column.flag("finished"),
          Column.list("obstacles"));

  private static final String NEXT =
      "Run it again once nothing of the user is under way; 'llm-accounting release HOLD' gives a"
          + " hold back.";
  private static final String SEAL =
      "Run it again with LLM_ACCOUNTING_AUDIT_KEY=NAME=FILE, the key that seals the audit log.";

  @Option(names = "--user", required = true, paramLabel = "NAME", description = "Whose data.")
  String user = "";

  @Option(
      names = "--yes",
      description = "Do it: without the key nobody can find out whose data it was.")
  boolean yes;

  @Option(names = "--dry-run", description = "Count what would be changed, and change nothing.")
  boolean dryRun;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "Make the pseudonym with the bytes of this file, at least 16: the same person gets the"
              + " same one again. Without it a random key is used and not kept.")
  @Nullable String keyFile;

  @Option(
      names = "--texts",
      description = "Prompts and responses in audit entries about the user too.")
  boolean texts;

  @Option(
      names = "--vacuum",
      description =
          "On SQLite, write the whole file again at the end, so that nothing of the name is left in"
              + " it; others wait meanwhile.")
  boolean vacuum;

  @Override
  protected int run(Run run) {
    if (yes == dryRun) {
      throw Failure.usage(
          "what is erased does not come back, so it must be said which is meant",
          "Give --dry-run to see what would be changed, or --yes to erase it.");
    }
    Erasure erasure = run.accounting().admin().erase(user);
    if (keyFile != null) {
      erasure.withKey(key(run, keyFile));
    }
    if (texts) {
      erasure.textsToo();
    }
    if (vacuum) {
      erasure.overwritingFreed();
    }
    ErasureReport report = erased(erasure);
    print(run, report);
    report.left().forEach(run::note);
    if (!report.obstacles().isEmpty()) {
      run.note(
          "--yes would erase nothing now. "
              + report.obstacles().stream()
                  .map(EraseCommand::next)
                  .distinct()
                  .collect(Collectors.joining(" ")));
    }
    if (report.finished() && report.foundNothing() && !vacuum) {
      throw Failure.failed(
          "nothing is stored under \"%s\"".formatted(user),
          "Check the name; 'llm-accounting stats --by user' lists those with usage.");
    }
    if (!report.finished()) {
      run.note("it was interrupted; run it again to erase the rest");
    }
    return report.finished() ? Exit.DONE : Exit.FAILED;
  }

  private ErasureReport erased(Erasure erasure) {
    try {
      return dryRun ? erasure.preview() : erasure.run();
    } catch (IllegalStateException e) {
      String obstacle = String.valueOf(e.getMessage());
      throw Failure.failed(obstacle, next(obstacle));
    }
  }

  private static String next(String obstacle) {
    return obstacle.contains("audit entries") ? SEAL : NEXT;
  }

  private static byte[] key(Run run, String file) {
    try {
      return Files.readAllBytes(run.console().file(file));
    } catch (IOException e) {
      throw Failure.usage(
          "the key cannot be read: " + FileProblems.text(e), "Check the file's name.");
    }
  }

  // without a key the next run makes another one; where nothing was found it is nobody's
  private boolean tellsPseudonym(ErasureReport report) {
    return !report.foundNothing() && (!dryRun || keyFile != null);
  }

  private void print(Run run, ErasureReport report) {
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          tellsPseudonym(report) ? report.pseudonym() : null,
          report.changed(ErasureKind.USAGE),
          report.changed(ErasureKind.ROLLUPS),
          report.changed(ErasureKind.LIMITS),
          report.changed(ErasureKind.DENIALS),
          report.changed(ErasureKind.ALERTS),
          report.changed(ErasureKind.AUDIT_ENTRIES),
          report.changed(ErasureKind.DIRECTORY),
          dryRun,
          report.finished(),
          report.obstacles().stream().map(PlainWords::in).toList());
    }
  }
}
