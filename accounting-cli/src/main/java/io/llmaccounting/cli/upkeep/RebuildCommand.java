package io.llmaccounting.cli.upkeep;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;

/** Makes counters and rollups anew. */
@Command(
    name = "rebuild",
    description = "Make counters and rollups anew from the records; leaves an audit entry.",
    footer = "llm-accounting rebuild")
public final class RebuildCommand extends AccountingCommand {
  @Override
  protected int run(Run run) {
    run.accounting().rebuild();
    run.note("counters and rollups were made anew");
    return Exit.DONE;
  }
}
