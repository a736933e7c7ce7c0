package io.llmaccounting.cli.limits;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;

/** Lists all limits. */
@Command(
    name = "list",
    description = "List all limits by name.",
    footer = "llm-accounting limits list")
final class ListLimits extends AccountingCommand {
  @Override
  protected int run(Run run) {
    LimitRows.print(run, run.accounting().limits().owned());
    return Exit.DONE;
  }
}
