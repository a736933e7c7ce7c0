package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one limit whole. */
@Command(
    name = "show",
    description = "Show all of one limit.",
    footer = "llm-accounting limits show alice-daily")
final class ShowLimit extends AccountingCommand {
  @Parameters(paramLabel = "NAME", description = "Its name.")
  String name = "";

  @Override
  protected int run(Run run) {
    LimitRows.print(run, name);
    return Exit.DONE;
  }
}
