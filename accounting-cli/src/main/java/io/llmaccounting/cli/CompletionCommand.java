package io.llmaccounting.cli;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints a script that completes commands and options. */
@Command(
    name = "completion",
    description = {
      "Print a script with which bash and zsh complete commands and options.",
      "For bash: source <(llm-accounting completion), llm-accounting being an alias or script of"
          + " yours that runs the jar."
    },
    footer = "llm-accounting completion")
final class CompletionCommand extends AccountingCommand {
  @Override
  protected int run(Run run) {
    CommandLine all = Tool.all(run.console());
    run.console().out().print(EnumWords.offered(AutoComplete.bash(Root.NAME, all), all));
    return Exit.DONE;
  }
}
