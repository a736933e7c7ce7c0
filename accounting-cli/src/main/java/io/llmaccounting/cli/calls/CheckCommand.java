package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks whether a call may go ahead. */
@Command(
    name = "check",
    description = {
      "Ask whether a call may go ahead; nothing is written.",
      "Prints the limits that watch it. Ends with 0 where it may, with 3 where it may not."
    },
    footer =
        "llm-accounting check --model gpt-5-mini --user alice --input-tokens 2000"
            + " --max-output-tokens 500")
public final class CheckCommand extends AccountingCommand {
  @Mixin RequestOptions call = new RequestOptions();

  @Override
  protected int run(Run run) {
    return Decisions.print(run, run.accounting().quotas().check(call.request()), call.model);
  }
}
