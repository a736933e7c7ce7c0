package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Narrowed;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the calls made last. */
@Command(
    name = "tail",
    description = {
      "Show the calls made last, newest first.",
      "With --follow oldest first, and then each call once when it is recorded, until interrupted;"
          + " in JSON one object a line. Calls that were under way for over an hour are not seen"
          + " then."
    },
    footer = {"llm-accounting tail -n 20", "llm-accounting tail --user alice --format json"})
public final class TailCommand extends AccountingCommand {
  private static final int DEFAULT = 10;
  private static final int MOST = 100_000;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "So many calls, 1 to 100000; with --follow also 0. Default: 10.")
  int count = DEFAULT;

  @Option(names = "--follow", description = "Go on with the calls that are recorded from now on.")
  boolean follow;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "How often --follow looks. Default: 1s.")
  Duration every = Duration.ofSeconds(1);

  @Mixin Narrowed narrowed = new Narrowed();

  @Override
  protected int run(Run run) {
    if (count > MOST || count < (follow ? 0 : 1)) {
      throw new IllegalArgumentException("-n must be from 1 to " + MOST + ", was " + count);
    }
    UsageFilter filter = narrowed.filter();
    if (narrowed.hasPeriod()) {
      throw new IllegalArgumentException(
          "--from and --to must not be given to tail; 'export' writes the calls of a period");
    }
    if (follow) {
      try (FollowedLines lines = new FollowedLines(run)) {
        new Following(
                run.accounting(), run.console().clock(), lines, () -> lines.isRead() && pause())
            .print(filter, count);
      }
    } else {
      print(run, filter);
    }
    return Exit.DONE;
  }

  private void print(Run run, UsageFilter filter) {
    boolean few = run.globals().format() == Format.TABLE && !run.globals().isQuiet();
    List<Column> columns = few ? TailColumns.FEW : TailColumns.ALL;
    try (Sheet sheet = run.rows(columns)) {
      for (RecordedUsage record : run.accounting().tail(filter, count)) {
        sheet.row(few ? TailColumns.few(record) : TailColumns.all(record));
      }
    }
  }

  private boolean pause() {
    LockSupport.parkNanos(this, every.toNanos());
    return !Thread.currentThread().isInterrupted();
  }
}
