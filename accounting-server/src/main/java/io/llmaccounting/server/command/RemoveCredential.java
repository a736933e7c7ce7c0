package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a credential. */
@Command(
    name = "remove-credential",
    description = "Remove a credential. Running servers follow in seconds.",
    footer = "llm-accounting-server projects remove-credential $CREDENTIAL")
final class RemoveCredential extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "Its id, as list-credentials shows it.")
  UUID id = new UUID(0, 0);

  @Override
  int run(ServerRun run) {
    if (!run.accounting().credentials().remove(id)) {
      throw Failure.failed(
          "there is no credential " + id,
          "See '%s projects list-credentials'.".formatted(ServerRoot.NAME));
    }
    run.answers().note("credential %s is removed".formatted(id));
    return Exit.DONE;
  }
}
