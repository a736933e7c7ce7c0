package io.llmaccounting.server.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Gives a key another secret at once. */
@Command(
    name = "reset",
    description = {
      "Give a key whose secret leaked another one and show it, once; its terms and its limits stay.",
      "The former secret is good no more."
    },
    footer = "llm-accounting-server keys reset laptop")
final class ResetKey extends ServerCommand {
  @Mixin final KeyArgument argument = new KeyArgument();

  @Override
  int run(ServerRun run) {
    return KeyRows.issued(run, run.accounting().access().rotate(argument.in(run).id()));
  }
}
