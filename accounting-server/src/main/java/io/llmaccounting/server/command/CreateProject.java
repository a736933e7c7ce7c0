package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a project known. */
@Command(
    name = "create",
    description = "Make a project known; that is needed where enforce-names is set.",
    footer = "llm-accounting-server projects create voyager")
final class CreateProject extends ServerCommand {
  @Parameters(paramLabel = "NAME", description = "Its name.")
  String name = "";

  @Override
  boolean mayCreate() {
    return true;
  }

  @Override
  int run(ServerRun run) {
    if (!run.accounting().directory().addProject(name)) {
      throw Failure.failed(
          "there is a project \"%s\" already".formatted(name),
          "See '%s projects list'.".formatted(ServerRoot.NAME));
    }
    run.answers().note("project \"%s\" is known now".formatted(name));
    return Exit.DONE;
  }
}
