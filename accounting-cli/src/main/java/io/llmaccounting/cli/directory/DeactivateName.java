package io.llmaccounting.cli.directory;

import io.llmaccounting.cli.command.Run;
import picocli.CommandLine.Command;

/** Lets calls name a project or user no more. */
@Command(
    name = "deactivate",
    description = "Let no more calls name it; what was recorded stays.",
    footer = "${COMMAND-FULL-NAME} apollo")
final class DeactivateName extends NameCommand {
  @Override
  protected int run(Run run) {
    run.accounting().directory().deactivate(group().kind(), name);
    return print(run);
  }
}
