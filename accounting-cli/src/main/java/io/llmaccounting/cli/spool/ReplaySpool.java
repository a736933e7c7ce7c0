package io.llmaccounting.cli.spool;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.health.Health;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the calls that wait in a spool to the database. */
@Command(
    name = "replay",
    description =
        "Bring to the database what waits. Ends with 1 where calls still wait or were refused.",
    footer = "llm-accounting spool replay --spool spool --timeout 5m")
final class ReplaySpool extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.number("booked"),
          Column.number("duplicates"),
          Column.number("dead_letters"),
          Column.number("waiting"));
  private static final long PAUSE_NANOS = 10_000_000;

  @Mixin SpoolFolderOption spool = new SpoolFolderOption();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long to try. Default: 10 minutes.")
  Duration timeout = Duration.ofMinutes(10);

  @Override
  protected int run(Run run) {
    LlmAccounting accounting =
        LlmAccounting.builder(run.backend())
            .clock(run.console().clock())
            .spool(spool.open(run))
            .build();
    Health.Spool left;
    try (accounting) {
      left = drained(accounting).spool();
    }
    // the count is complete only once nothing is under way any more
    Health.Counts counts = accounting.health().counts();
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          counts.replayed() - counts.duplicates(),
          counts.duplicates(),
          counts.deadLettered(),
          left.records());
    }
    boolean all = left.isCurrent() && left.records() == 0 && counts.deadLettered() == 0;
    return all ? Exit.DONE : Exit.FAILED;
  }

  private Health drained(LlmAccounting accounting) {
    long end = System.nanoTime() + timeout.toNanos();
    Health health = accounting.health();
    while (!health.isWell() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
      health = accounting.health();
    }
    return health;
  }
}
