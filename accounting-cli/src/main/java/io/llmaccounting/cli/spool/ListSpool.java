package io.llmaccounting.cli.spool;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the calls that wait. */
@Command(
    name = "list",
    description = "List the calls that wait, oldest first. Needs no database.",
    footer = "llm-accounting spool list --spool spool")
final class ListSpool extends AccountingCommand {
  @Mixin SpoolFolderOption spool = new SpoolFolderOption();

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "How many at most. Default: 100.")
  int lines = 100;

  @Override
  protected int run(Run run) {
    if (lines < 1) {
      throw new IllegalArgumentException("--lines must be at least 1, was " + lines);
    }
    try (Spool opened = spool.open(run)) {
      try (Sheet sheet = run.rows(SpooledCalls.WAITING)) {
        for (SpoolEntry entry : opened.read(0, lines)) {
          SpooledCalls.row(
              sheet,
              entry.position(),
              entry.call().recordedAt(),
              entry.call(),
              entry.call().settlesHold());
        }
      }
      long more = opened.state().waiting() - lines;
      if (more > 0) {
        run.note("%d more wait; see them with --lines.".formatted(more));
      }
    }
    return Exit.DONE;
  }
}
