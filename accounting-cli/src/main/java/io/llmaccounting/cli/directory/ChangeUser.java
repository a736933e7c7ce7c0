package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Changes what is known of a user. */
@Command(
    name = "change",
    description = "Change the unit or the e-mail address of a user.",
    footer = "llm-accounting users change alice --ou research")
final class ChangeUser extends NameCommand {
  @Mixin UserOptions more = new UserOptions();

  @Override
  protected int run(Run run) {
    run.accounting().directory().change(group().kind(), name, more::into);
    return print(run);
  }
}
