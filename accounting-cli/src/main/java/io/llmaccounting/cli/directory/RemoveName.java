package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;

/** Forgets a name. */
@Command(
    name = "remove",
    description = "Forget it; what was recorded under its name stays.",
    footer = "${COMMAND-FULL-NAME} apollo")
final class RemoveName extends NameCommand {
  @Override
  protected int run(Run run) {
    if (!run.accounting().directory().remove(group().kind(), name)) {
      throw group().unknown(name);
    }
    run.note("%s \"%s\" was removed".formatted(group().word(), name));
    return Exit.DONE;
  }
}
