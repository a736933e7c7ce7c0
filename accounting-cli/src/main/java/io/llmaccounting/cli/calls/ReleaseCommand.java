package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Gives a hold back. */
@Command(
    name = "release",
    description = "Give a hold back whose call was not made.",
    footer = "llm-accounting release \"$HOLD\"")
public final class ReleaseCommand extends AccountingCommand {
  @Mixin HoldArgument hold = new HoldArgument();

  @Override
  protected int run(Run run) {
    if (hold.find(run).isEmpty()) {
      throw hold.unknown();
    }
    run.accounting().quotas().hold(hold.id()).release();
    run.note("hold " + hold.id() + " was released");
    return Exit.DONE;
  }
}
