package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes a limit. */
@Command(
    name = "delete",
    description = "Delete a limit and its counters.",
    footer = "llm-accounting limits delete alice-daily")
final class DeleteLimit extends AccountingCommand {
  @Parameters(paramLabel = "NAME", description = "Its name.")
  String name = "";

  @Override
  protected int run(Run run) {
    if (!run.accounting().limits().delete(name)) {
      throw LimitRows.unknown(name);
    }
    run.note("limit \"" + name + "\" was deleted");
    return Exit.DONE;
  }
}
