package io.llmaccounting.cli.retention;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.command.Times;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.retention.Purge;
import io.llmaccounting.retention.PurgeKind;
import io.llmaccounting.retention.PurgeProgress;
import io.llmaccounting.retention.PurgeReport;
import io.llmaccounting.usage.UsageFilter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes the records of old calls. */
@Command(
    name = "purge",
    description = {
      "Remove the records of calls made before a time, with their corrections.",
      "Reports by project, model, user, caller and provider add up to the same as before, and"
          + " lifetime limits go on where they are; limits, names and the audit log stay.",
      "Prints what was removed; with --dry-run what would be."
    },
    footer = {
      "llm-accounting purge --before 2026-01-01 --dry-run",
      "llm-accounting purge --before 2026-01-01 --project search --yes"
    })
public final class PurgeCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.time("complete_from"),
          Column.number("records"),
          Column.number("keys"),
          Column.number("rollups"),
          Column.flag("dry_run"),
          Column.flag("finished"));

  @Option(
      names = "--before",
      required = true,
      paramLabel = "TIME",
      description =
          "Calls made before this time, which is rounded down to a quarter hour: 2026-01-01 or"
              + " 2026-01-01T00:00:00Z.")
  String before = "";

  @Option(names = "--yes", description = "Do it: what is removed is gone.")
  boolean yes;

  @Option(names = "--dry-run", description = "Count what would be removed, and remove nothing.")
  boolean dryRun;

  @Option(
      names = "--keys",
      description = "Their ids of your own too: under such an id a call may be recorded again.")
  boolean keys;

  @Option(
      names = "--rollups",
      description = "What reports add up from too, of whole days (UTC): those reports are empty.")
  boolean rollups;

  @Option(
      names = "--even-if-counted",
      description = "Calls inside the window of a limit too; it keeps counting them.")
  boolean evenIfCounted;

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "How many rows leave in one transaction. Default: 2000.")
  @Nullable Integer batch;

  @Mixin Chosen chosen = new Chosen();

  @Override
  protected int run(Run run) {
    if (yes == dryRun) {
      throw Failure.usage(
          "what is purged is gone, so it must be said which is meant",
          "Give --dry-run to see what would be removed, or --yes to remove it.");
    }
    Purge purge =
        run.accounting().admin().purge(Times.parse("--before", before, run.globals().zone()));
    UsageFilter filter = chosen.filter();
    purge.only(filter);
    if (keys) {
      purge.keysToo();
    }
    if (rollups) {
      purge.rollupsToo();
    }
    if (evenIfCounted) {
      purge.evenIfCounted();
    }
    if (batch != null) {
      purge.inBatchesOf(batch);
    }
    PurgeReport report = dryRun ? purge.preview() : removed(run, purge);
    print(run, report);
    if (!report.finished()) {
      run.note("it was interrupted; run it again to remove the rest");
    }
    return report.finished() ? Exit.DONE : Exit.FAILED;
  }

  private static PurgeReport removed(Run run, Purge purge) {
    try (Bars bars = new Bars(run)) {
      return purge.onProgress(bars::show).run();
    }
  }

  private void print(Run run, PurgeReport report) {
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          report.completeFrom(),
          report.removed(PurgeKind.USAGE),
          keys ? report.removed(PurgeKind.KEYS) : null,
          rollups ? report.removed(PurgeKind.ROLLUPS) : null,
          dryRun,
          report.finished());
    }
  }

  /** A bar for each kind of thing that leaves. */
  private static final class Bars implements AutoCloseable {
    private final Run run;
    private ProgressBar bar = ProgressBar.hidden();
    private @Nullable PurgeKind shown;

    Bars(Run run) {
      this.run = run;
    }

    void show(PurgeProgress progress) {
      if (progress.kind() != shown) {
        bar.close();
        shown = progress.kind();
        bar = run.progress(progress.kind().name().toLowerCase(Locale.ROOT), progress.expected());
      }
      bar.at(progress.removed());
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
