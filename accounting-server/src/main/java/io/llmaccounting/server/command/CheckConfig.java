package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Exit;
import picocli.CommandLine.Command;

/** Reads all settings and says what is wrong with them. */
@Command(
    name = "check-config",
    description = {
      "Read all settings, and say all that is wrong with them; nothing is opened or started.",
      "Ends with 2 if something is wrong."
    },
    footer = {
      "llm-accounting-server check-config",
      "llm-accounting-server --config llm-accounting-server.yaml check-config"
    })
final class CheckConfig extends ServerCommand {
  @Override
  int run(ServerRun run) {
    run.settings();
    run.answers().note("The settings are well.");
    return Exit.DONE;
  }
}
