package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import picocli.CommandLine.Command;

/** Lets calls name a project or user again. */
@Command(
    name = "activate",
    description = "Let calls name it again.",
    footer = "${COMMAND-FULL-NAME} apollo")
final class ActivateName extends NameCommand {
  @Override
  protected int run(Run run) {
    run.accounting().directory().activate(group().kind(), name);
    return print(run);
  }
}
